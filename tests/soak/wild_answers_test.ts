/** Responses of the daemon in which any value is another one. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { describeTool, type Tool } from "../../tools/mod.ts";
import { registry } from "../../tools/toolsets.ts";
import { allAtOnce } from "../at_once.ts";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { validArguments } from "../server/lenient.ts";
import { countInputs } from "./inputs.ts";
import { Random } from "./random.ts";
import { mutate } from "./wild_json.ts";

const ROUNDS = 12;

/** Valid arguments that wait for nothing. */
function argumentsOf(tool: Tool, seed: number): Readonly<Record<string, unknown>> {
  const { properties, required = [] } = describeTool(tool).inputSchema;
  const [sample = {}] = fc.sample(validArguments(tool), { numRuns: 1, seed });
  const kept = Object.entries(sample).filter(([key]) => required.includes(key) || seed % 3 === 0);
  const args = Object.fromEntries(kept.filter(([key]) => !key.endsWith("_seconds")));
  return "wait_seconds" in properties ? { ...args, "wait_seconds": 0 } : args;
}

Deno.test("no response of the daemon makes a tool fail for a bug of its own", async () => {
  const first = Number(Deno.env.get("SOAK_SEED") ?? Date.now() % 1_000_000);
  const seeds = Array.from({ length: ROUNDS }, (_, at) => first + at);
  const faults = await allAtOnce(seeds, async (seed) => {
    const random = new Random(seed);
    await using daemon = await startDaemon({
      zfs: true,
      containers: [{ username: "alice", labels: { team: "dev" } }, { username: "bob-2" }],
      recipes: [{ id: "web" }],
      secrets: [{ username: "alice", name: "API_KEY", value: "hidden-value" }],
      routes: [{ domain: "web", targetIp: "10.77.0.11", targetPort: 80 }],
    });
    await using session = await connect(daemon, {
      args: ["--toolsets", "all"],
      capabilities: { elicitation: { form: {} } },
    });
    session.onRequest("elicitation/create", () => ({
      action: "accept",
      content: { confirm: true },
    }));
    daemon.takeSnapshot("alice", "before-upgrade");
    daemon.inject({
      kind: "rewritten",
      times: Infinity,
      rewrite: (body) => random.chance(0.3) ? body : mutated(body, random),
    });
    const failures: string[] = [];
    for (const tool of registry.filter(({ reach }) => reach !== "shell")) {
      const args = argumentsOf(tool, seed);
      countInputs();
      const { text } = await session.call(tool.name, args).catch((error) => ({
        text: `bug: ${error}`,
      }));
      if (/\bbug\b/.test(text)) {
        failures.push(`${tool.name} ${JSON.stringify(args)}: ${text.slice(0, 600)}`);
      }
    }
    return failures;
  });
  assertEquals(faults.flat(), [], `SOAK_SEED=${first}`);
});

function mutated(body: string, random: Random): string {
  try {
    const json: unknown = JSON.parse(body);
    return JSON.stringify(
      random.chance(0.5) ? mutate(json, random) : mutate(mutate(json, random), random),
    ) ?? "";
  } catch {
    return body;
  }
}
