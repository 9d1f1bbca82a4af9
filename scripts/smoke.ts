/**
 * Tries a built server against a simulated daemon: `deno run scripts/smoke.ts PROGRAM…`, and with
 * `--refused` first, that the permissions baked into it hold.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connectProcess } from "../tests/connect.ts";
import { startDaemon, whyNoPty } from "../tests/daemon/mod.ts";
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

const isRefused = Deno.args[0] === "--refused";
const [program, ...args] = isRefused ? Deno.args.slice(1) : Deno.args;
assert(program !== undefined, "usage: smoke.ts [--refused] PROGRAM [ARGUMENT…]");

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
} else {
  assertStringIncludes(text, "state: running");
  if (lacking === undefined) await tryTerminal();
}
const how = isRefused ? `is refused ${daemon.url}` : "answers, and reaches the daemon";
await Deno.stdout.write(new TextEncoder().encode(`${program} ${how}\n`));
