/** Hostile text in every text argument of every tool. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isObject } from "../../server/json.ts";
import { describeTool, type Tool } from "../../tools/mod.ts";
import { registry } from "../../tools/toolsets.ts";
import { connect, type Session } from "../connect.ts";
import { type Daemon, startDaemon } from "../daemon/mod.ts";
import { validArguments } from "../server/lenient.ts";
import { makeTempFolder } from "../temp.ts";
import { testWithPty } from "../with_pty.ts";
import { pathFault, unclean } from "./attack_faults.ts";
import { attacks, commandsTouching } from "./attacks.ts";
import { countInputs } from "./inputs.ts";

type Args = Readonly<Record<string, unknown>>;

/** Puts a text where an argument takes one. */
interface Place {
  readonly tool: string;
  readonly name: string;
  readonly fill: (text: string) => Args;
}

/** Every place for a text; beside it a call has only what it needs. */
function placesIn(tool: Tool): readonly Place[] {
  const { properties, required = [] } = describeTool(tool).inputSchema;
  const [sample = {}] = fc.sample(validArguments(tool), { numRuns: 1, seed: 1 });
  const base = Object.fromEntries(Object.entries(sample).filter(([key]) => required.includes(key)));
  return Object.entries(properties).flatMap(([name, schema]) =>
    formsOf(schema).map((form) => ({
      tool: tool.name,
      name,
      fill: (text: string) => ({ ...base, [name]: form(text) }),
    }))
  );
}

type Form = (text: string) => unknown;

function formsOf(schema: unknown): readonly Form[] {
  if (!isObject(schema) || "enum" in schema) return [];
  const { type, items, properties, additionalProperties } = schema;
  if (type === "string") return [(text) => text];
  if (type === "array") return formsOf(items).map((form) => (text) => [form(text)]);
  if (isObject(properties)) {
    return Object.entries(properties).flatMap(([key, inner]) =>
      formsOf(inner).map((form) => (text: string) => ({ username: "alice", [key]: form(text) }))
    );
  }
  return isObject(additionalProperties)
    ? [(text) => ({ [text]: "x" }), (text) => ({ team: text })]
    : [];
}

const containers = ["alice", "victim"].map((username) => ({
  username,
  labels: { team: "dev" },
}));

const keyText = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2g";
const privateKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${`${keyText}\n`.repeat(5)}` +
  "-----END OPENSSH PRIVATE KEY-----\n";

/** A session that agrees to everything. */
async function connectAgreeing(daemon: Daemon): Promise<Session> {
  const session = await connect(daemon, {
    args: ["--toolsets", "all"],
    env: { CONTAINARIUM_DEBUG: "1" },
    capabilities: { elicitation: { form: {} } },
  });
  session.onRequest("elicitation/create", () => ({ action: "accept", content: { confirm: true } }));
  return session;
}

/** Calls a tool with that text; returns what is wrong with the answer. */
async function attack(
  session: Session,
  { tool, name, fill }: Place,
  text: string,
): Promise<string[]> {
  countInputs();
  try {
    const { code, text: answer } = await session.call(tool, fill(text));
    const isTooLong = answer.length > 30_000;
    return code === "internal" || isTooLong ? [`${tool} ${name}: ${answer.slice(0, 300)}`] : [];
  } catch (error) {
    return [`${tool} ${name}: ${error}`];
  }
}

Deno.test("a hostile text in any argument stays the text of that argument", async (t) => {
  for (const tool of registry) {
    const places = placesIn(tool);
    if (places.length === 0) continue;
    await t.step(tool.name, async () => {
      await using daemon = await startDaemon({ zfs: true, containers });
      const token = await daemon.token();
      const faults: string[] = [];
      await using session = await connectAgreeing(daemon);
      for (const place of places) {
        for (const text of [...Object.values(attacks), token, privateKey]) {
          faults.push(...await attack(session, place, text));
        }
      }
      faults.push(...daemon.requests.flatMap((request) => pathFault(request) ?? []));
      faults.push(...unclean(session));
      const output = [...session.lines, session.stderr].join("\n");
      if (output.includes(token)) faults.push("the token is shown");
      if (output.includes(keyText)) faults.push("the key is shown");
      assertEquals(faults, []);
      assertEquals(daemon.state("victim"), "CONTAINER_STATE_RUNNING");
    });
  }
});

/** Arguments that are commands, or what is typed. */
const meantForShells = new Set(["command", "then", "text", "stdin"]);

testWithPty("no argument becomes a command in a container's shell", async (t) => {
  await using folder = await makeTempFolder();
  const file = `${folder.path}/touched`;
  for (const tool of registry.filter(({ reach }) => reach === "shell")) {
    const places = placesIn(tool).filter(({ name }) => !meantForShells.has(name));
    if (places.length === 0) continue;
    await t.step(tool.name, async () => {
      await using daemon = await startDaemon({ containers, shell: {} });
      await using session = await connectAgreeing(daemon);
      const faults: string[] = [];
      for (const place of places) {
        for (const text of commandsTouching(file)) {
          faults.push(...await attack(session, place, text));
        }
      }
      const files = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
      assertEquals([...faults, ...files], []);
    });
  }
});
