/**
 * Tries a built server against a simulated daemon: `deno run scripts/smoke.ts PROGRAM…`. With `--refused`
 * first, that the permissions baked into it hold; with `--audit=FILE` first, that it may write FILE.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connectProcess } from "../tests/connect.ts";
import { startDaemon, whyNoPty } from "../tests/daemon/mod.ts";
import { readRecord, storiesIn } from "../tests/record.ts";
import { z } from "zod";

/** Calls that import modules on first use: the screen, and the search by regular expressions. */
async function tryTerminal(): Promise<void> {
  const opened = await server.call("open_terminal", { username });
  const { terminal_id } = z.object({ terminal_id: z.string() }).parse(opened.structuredContent);
  const sent = { "terminal_id": terminal_id, text: "expr 6 '*' 7\r", "wait_for": "/\\b4[2]\\b/" };
  const { isError, text } = await server.call("send_to_terminal", sent);
  assertEquals(isError, false, text);
  assertStringIncludes(text, "42");
}

/** A change is recorded where the binary may write, which it is not asked to do without the flag. */
async function tryRecord(file: string): Promise<void> {
  const before = readRecord(await Deno.readTextFile(file)).length;
  const { isError, text } = await server.call("stop_container", { username });
  assertEquals(isError, false, text);
  const entries = readRecord(await Deno.readTextFile(file)).slice(before);
  assertEquals(storiesIn(entries), ["stop_container: begun ok"]);
}

/** A file that the binary may not write ends its start. */
async function tryForbiddenRecord(command: readonly [string, ...string[]]): Promise<void> {
  const args = ["--audit", "/forbidden.jsonl"];
  await using server = await connectProcess(daemon, { command, args, initialize: false });
  await server.whenStderr("make build-mcp MCP_WRITE=/forbidden.jsonl");
  assertEquals((await server.exited).code, 2);
}

const [mode = ""] = Deno.args;
const isRefused = mode === "--refused";
const [, record] = /^--audit=(.+)$/.exec(mode) ?? [];
const [program, ...rest] = isRefused || record !== undefined ? Deno.args.slice(1) : Deno.args;
assert(program !== undefined, "usage: smoke.ts [--refused | --audit=FILE] PROGRAM [ARGUMENT…]");
const args = record === undefined ? rest : [...rest, "--audit", record];

const username = "alice";
const lacking = await whyNoPty();
await using daemon = await startDaemon({
  containers: [{ username }],
  ...(lacking === undefined ? { shell: {} } : {}),
});
// The environment's proxy is not used for a daemon on this machine.
const env = { HTTP_PROXY: "http://127.0.0.1:9", NODE_USE_ENV_PROXY: "1" };
await using server = await connectProcess(daemon, { command: [program, ...args], env });
const { tools } = await server.request("tools/list");
assert(Array.isArray(tools) && tools.length > 0);
const { isError, text } = await server.call("get_container", { username });
if (isRefused) {
  assertEquals(isError, true, text);
  assertStringIncludes(text, "this process may not reach");
  assertEquals(daemon.requests.length, 0);
  if (rest.length === 0) await tryForbiddenRecord([program]);
} else {
  assertStringIncludes(text, "state: running");
  if (lacking === undefined) await tryTerminal();
  if (record !== undefined) await tryRecord(record);
}
const how = isRefused ? `is refused ${daemon.url}` : "answers, and reaches the daemon";
await Deno.stdout.write(new TextEncoder().encode(`${program} ${how}\n`));
