/**
 * Tries a built server against a simulated daemon: `deno run tests/smoke.ts PROGRAM…`, and with
 * `--refused` first, that the permissions baked into it hold.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";

const isRefused = Deno.args[0] === "--refused";
const [program, ...args] = isRefused ? Deno.args.slice(1) : Deno.args;
assert(program !== undefined, "usage: smoke.ts [--refused] PROGRAM [ARGUMENT…]");

await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
await using server = await connect(daemon, { command: [program, ...args] });
const { tools } = await server.request("tools/list");
assert(Array.isArray(tools) && tools.length > 0);
const { isError, text } = await server.call("get_container", { username: "alice" });
if (isRefused) {
  assertEquals(isError, true, text);
  assertStringIncludes(text, "this process may not reach");
  assertEquals(daemon.requests.length, 0);
} else {
  assertStringIncludes(text, "state: running");
}
const how = isRefused ? `is refused ${daemon.url}` : "answers, and reaches the daemon";
await Deno.stdout.write(new TextEncoder().encode(`${program} ${how}\n`));
