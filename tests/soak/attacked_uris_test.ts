/** Hostile text in what is read and completed, by those who are no tools: URIs, prompts, values to complete. */
import { assertEquals } from "@std/assert";
import { connect, RpcFailure, type Session } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { pathFault, unclean } from "./attack_faults.ts";
import { attacks } from "./attacks.ts";
import { countInputs } from "./inputs.ts";

type Params = Readonly<Record<string, unknown>>;

/** Answers with the parameters of the request in `data` for programs, which clients do not show. */
const refusals = new Set([-32002, -32602, -32603]);

async function attack(session: Session, method: string, params: Params): Promise<string[]> {
  countInputs();
  try {
    await session.request(method, params);
    return [];
  } catch (error) {
    if (!(error instanceof RpcFailure)) throw error;
    const isShort = error.message.length < 2_000;
    return refusals.has(error.code) && isShort ? [] : [`${method}: ${error.code} ${error.message}`];
  }
}

/** Requests of each method with that text in each place for one. */
function* requestsWith(
  text: string,
  templates: readonly string[],
  prompts: readonly { readonly name: string; readonly arguments?: readonly Params[] }[],
): Generator<readonly [method: string, params: Params]> {
  const uris = ["", "containarium://", "containarium://containers/"].map((start) => start + text);
  for (const template of templates) {
    for (const value of [text, encodeURIComponent(text.toWellFormed())]) {
      uris.push(template.replaceAll(/\{[^}]+\}/g, () => value));
    }
    const [, name = "username"] = /\{\??(\w+)/.exec(template) ?? [];
    const ref = { type: "ref/resource", uri: template };
    const context = { arguments: { username: text } };
    yield ["completion/complete", { ref, argument: { name, value: text }, context }];
  }
  for (const uri of uris) {
    yield ["resources/read", { uri }];
    yield ["resources/subscribe", { uri }];
    yield ["resources/unsubscribe", { uri }];
  }
  for (const { name, arguments: args = [] } of prompts) {
    const filled = Object.fromEntries(args.map((argument) => [String(argument.name), text]));
    yield ["prompts/get", { name, arguments: filled }];
    yield ["prompts/get", { name: text }];
  }
}

Deno.test("a hostile text in a URI, a prompt or a value to complete stays that text", async (t) => {
  const containers = ["alice", "victim"].map((username) => ({ username }));
  await using daemon = await startDaemon({ zfs: true, containers });
  await using session = await connect(daemon, {
    args: ["--toolsets", "all"],
    env: { CONTAINARIUM_DEBUG: "1" },
  });
  const { resourceTemplates } = await session.request("resources/templates/list");
  const { prompts } = await session.request("prompts/list");
  if (!Array.isArray(resourceTemplates) || !Array.isArray(prompts)) throw new Error("no lists");
  const templates = resourceTemplates.map(({ uriTemplate }) => String(uriTemplate));
  for (const [name, text] of Object.entries(attacks)) {
    await t.step(name, async () => {
      const from = { messages: session.messages.length, requests: daemon.requests.length };
      const faults: string[] = [];
      for (const [method, params] of requestsWith(text, templates, prompts)) {
        faults.push(...await attack(session, method, params));
      }
      faults.push(...daemon.requests.slice(from.requests).flatMap((one) => pathFault(one) ?? []));
      const shown = session.messages.slice(from.messages).map(({ result, error }) => ({
        result: withoutUris(result),
        // Its data has the URI as it was asked for.
        error: error?.message,
      }));
      faults.push(...unclean({ messages: shown, stderr: session.stderr }));
      assertEquals(faults, []);
      assertEquals(daemon.state("victim"), "CONTAINER_STATE_RUNNING");
    });
  }
});

/** A result names the resource by the URI that was asked for. */
function withoutUris(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result ?? null), (key, value) => key === "uri" ? "" : value);
}
