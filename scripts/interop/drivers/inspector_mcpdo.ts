/**
 * The MCP Inspector's `mcpdo`: a process of its own holds connections, so that a server outlives a command line.
 *
 * @module
 */
import { z } from "zod";
import { linesOf } from "../../lines.ts";
import { print } from "../../print.ts";
import { answerQuestion, noteLog, noteUpdate, scenario, tryEverything } from "./driver.ts";
import { env, era, jsonIn, once, startLines, variables } from "./inspector.ts";

const { command, args } = scenario.server;
const mcpdo = { module: "clients/mcpdo/build/mcp-bin.js", run: "runMcp" } as const;
const lines = await startLines(mcpdo);
const connection = ["--connection", "interop"];
const asked = ["--format", "json", ...connection];

/** Carries out a command of the connection. */
async function run(...line: readonly string[]): Promise<unknown> {
  return jsonIn(await lines.run([...asked, ...line]));
}

/** Follows a command that prints until it is ended. */
async function follow(...line: readonly string[]): Promise<Deno.ChildProcess> {
  return new Deno.Command(Deno.execPath(), {
    args: [...await once(mcpdo, [...asked, ...line])],
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

const Resources = z.object({ resources: z.array(z.object({ uri: z.string() })) });
const Templates = z.object({ resourceTemplates: z.array(z.object({ uriTemplate: z.string() })) });
const Values = z.object({ values: z.array(z.string()) });
const Pending = z.object({
  elicitationPending: z.object({ elicitationId: z.string(), message: z.string() }),
});

/** Calls a tool, and answers what is asked meanwhile. */
async function call(name: string, given: Readonly<Record<string, unknown>>): Promise<unknown> {
  const named = ["--tool-name", name, "--tool-args-json", JSON.stringify(given)];
  let printed = await run("tools/call", ...named);
  for (;;) {
    const pending = Pending.safeParse(printed).data;
    if (pending === undefined) return printed;
    const { elicitationId, message } = pending.elicitationPending;
    const { action } = answerQuestion(message);
    const fields = action === "accept" ? ["confirm:=true"] : ["--decline"];
    printed = await run("elicitation/respond", elicitationId, ...fields);
  }
}

/** Calls a tool at a terminal, where Ctrl+C cancels. */
async function callAtTerminal(
  name: string,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<unknown> {
  const named = ["--tool-name", name, "--tool-args-json", JSON.stringify(given)];
  const line = [Deno.execPath(), ...await once(mcpdo, [...connection, "tools/call", ...named])];
  const quoted = line.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const process = new Deno.Command("script", {
    args: ["-qefc", quoted, "/dev/null"],
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = process.stdin.getWriter();
  signal.addEventListener("abort", () => void input.write(Uint8Array.of(3)));
  const printed = await new Response(process.stdout).text();
  const { code } = await process.status;
  await input.close().catch(() => {});
  if (code === 0) return printed;
  throw new Error(`it ended with ${code}: ${printed}`);
}

async function* eventsOf(process: Deno.ChildProcess): AsyncGenerator<Record<string, unknown>> {
  let text = "";
  for await (const line of linesOf(process.stdout)) {
    text += line;
    try {
      yield z.record(z.string(), z.unknown()).parse(JSON.parse(text));
      text = "";
    } catch (error) {
      // An object may be printed over several lines.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}

async function ended(process: Deno.ChildProcess): Promise<void> {
  process.kill("SIGINT");
  await process.status;
}

async function noteLogs(process: Deno.ChildProcess): Promise<void> {
  for await (const _event of eventsOf(process)) noteLog();
}

/** Ends the process that holds connections, which outlives this one otherwise. */
async function stopHolding(): Promise<void> {
  const args = [...await once(mcpdo, ["daemon", "stop"])];
  await new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "inherit" }).output();
}

// A driver that takes too long is ended by this signal.
Deno.addSignalListener("SIGTERM", () => void stopHolding().finally(() => Deno.exit(1)));
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  print(`${event.reason}`).then(stopHolding).finally(() => Deno.exit(1));
});

await run(
  ...["connect", "--era", era, "--connect-timeout", "60000", ...variables],
  ...["--", command, ...args],
);
const tail = await follow("logging/tail");
noteLogs(tail);
const Shown = z.object({ protocolVersion: z.string() });
const { protocolVersion } = Shown.parse(await run("connections/show"));
await tryEverything({
  revision: protocolVersion,
  lacks: { progress: "clients/mcpdo/build/chunk-LBQDT5VV.js connects with `progress: false`" },
  callTool: ({ name, arguments: given }, { signal }) =>
    signal === undefined ? call(name, given) : callAtTerminal(name, given, signal),
  listResources: async () =>
    Resources.parse(await run("resources/list")).resources.map(({ uri }) => uri),
  listTemplates: async () =>
    Templates.parse(await run("resources/templates/list")).resourceTemplates
      .map(({ uriTemplate }) => uriTemplate),
  readResource: (uri) => run("resources/read", uri),
  getPrompt: (name, given) => {
    const pairs = Object.entries(given).map(([key, value]) => `${key}=${value}`);
    return run("prompts/get", name, ...(pairs.length === 0 ? [] : ["--prompt-args", ...pairs]));
  },
  complete: async (uri, name, value) => {
    const reference = ["--complete-ref-type", "ref/resource", "--complete-ref", uri];
    const argument = ["--complete-arg-name", name, "--complete-arg-value", value];
    return Values.parse(await run("prompts/complete", ...reference, ...argument)).values;
  },
  subscribe: async (uri) => {
    const stream = await follow("resources/subscribe", uri);
    const events = eventsOf(stream);
    await events.next();
    events.next().then(({ value }) => noteUpdate(`${value?.uri}`));
    return () => ended(stream);
  },
  close: async () => {
    await ended(tail);
    await lines.close();
    await stopHolding();
  },
});
