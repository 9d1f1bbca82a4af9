/** Pipes of the real process: long lines, a client that does not read, a client that is gone. */
import { assert, assertEquals } from "@std/assert";
import { connectProcess, shippedCommand } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("stdio accepts a line of 20 MB and refuses one over 32 MiB; then it reads the next", async () => {
  await using daemon = await startDaemon();
  await using server = await connectProcess(daemon);
  const params = { name: "get_container", arguments: { username: "a".repeat(20_000_000) } };
  const long = JSON.stringify({ jsonrpc: "2.0", id: "long", method: "tools/call", params });
  await server.send(`${long}\n`);
  const { result } = await server.next(({ id }) => id === "long");
  assertEquals(result?.isError, true);
  assertEquals(await server.request("ping"), {});
  await server.send(`${"x".repeat(33 * 1024 * 1024 + 1)}\n`);
  const refused = await server.next(({ id }) => id === null);
  assertEquals(refused.error?.code, -32600);
  assertEquals(await server.request("ping"), {});
  assertEquals(daemon.requests.length, 0);
});

Deno.test("stdio writes a response while a long line is still arriving", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connectProcess(daemon);
  const hold = daemon.hold("GET", "/v1/containers/alice");
  const call = server.call("get_container", { username: "alice" });
  await hold.reached;
  await server.send(`{"jsonrpc":"2.0","id":"long","method":"ping","params":{"x":"`);
  await server.send("x".repeat(5_000_000));
  hold.release();
  assertEquals((await call).isError, false);
  await server.send(`"}}\n`);
  await server.next(({ id }) => id === "long");
});

/** The server with a stdout that nobody reads. */
function startUnread(url: string, token: string): Deno.ChildProcess {
  const [deno, ...args] = shippedCommand(url);
  return new Deno.Command(deno, {
    args,
    env: { CONTAINARIUM_SERVER_URL: url, CONTAINARIUM_JWT_TOKEN: token },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

const request = (id: number, method: string, params: unknown = {}) =>
  encode(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);

Deno.test("stdio is not blocked by a client that does not read, which later gets every response", async () => {
  await using daemon = await startDaemon();
  const process = startUnread(daemon.url, await daemon.token());
  const writer = process.stdin.getWriter();
  await writer.write(request(0, "initialize"));
  // Much more than a pipe can hold.
  for (let id = 1; id <= 100; id++) await writer.write(request(id, "tools/list"));
  const hold = daemon.hold("GET", "/v1/containers");
  await writer.write(request(101, "tools/call", { name: "list_containers" }));
  await hold.reached;
  hold.release();
  await writer.write(request(102, "ping"));
  let text = "";
  const ids = new Set<unknown>();
  for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (text + piece).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) ids.add(JSON.parse(line).id);
    if (ids.size === 103) break;
  }
  assertEquals(ids.size, 103);
  await writer.close();
  assertEquals((await process.status).code, 0);
  await process.stderr.cancel();
});

Deno.test("stdio ends quietly if the client closes stdout but not stdin", async () => {
  await using daemon = await startDaemon();
  const process = startUnread(daemon.url, await daemon.token());
  await process.stdout.cancel();
  const writer = process.stdin.getWriter();
  await writer.write(request(0, "initialize"));
  const { code } = await process.status;
  const stderr = await new Response(process.stderr).text();
  assertEquals(code, 0, stderr);
  assert(!/EPIPE|broken|uncaught/i.test(stderr), stderr);
  await writer.close().catch(() => {});
});

Deno.test("the end of stdin ends a server whose output nobody reads", async () => {
  await using daemon = await startDaemon();
  const process = startUnread(daemon.url, await daemon.token());
  const writer = process.stdin.getWriter();
  await writer.write(request(0, "initialize"));
  for (let id = 1; id <= 100; id++) await writer.write(request(id, "tools/list"));
  await writer.close();
  assertEquals((await process.status).code, 0);
  await process.stdout.cancel();
  await process.stderr.cancel();
});
