/** What a daemon on this machine reads on the wire. */
import process from "node:process";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { unless, whyNoIpv6 } from "../../needs.ts";
import { headerOf, requestLine, startWire } from "./wire.ts";

const token = "ctnr_example";

Deno.test("DirectTransport sends the request line in origin form", async (t) => {
  const hosts = [["127.0.0.1", "127.0.0.1"], ["127.0.0.1", "localhost"], ["::1", "[::1]"]] as const;
  for (const [listening, host] of hosts) {
    await t.step({
      ...unless(listening === "::1" ? whyNoIpv6() : undefined, host),
      fn: async () => {
        await using wire = startWire(listening);
        const { port } = new URL(wire.url);
        const serverUrl = `http://${host}:${port}/prefix`;
        using client = new ContainariumClient({ serverUrl, token });
        await client.containers.list();
        await client.containers.setTtl("alice", 60);
        const [read, write] = wire.connections.flat();
        assertEquals(
          [read, write].map((request = "") => [requestLine(request), headerOf(request, "host")]),
          [
            ["GET /prefix/v1/containers HTTP/1.1", `${host}:${port}`],
            ["POST /prefix/v1/containers/alice/ttl HTTP/1.1", `${host}:${port}`],
          ],
        );
      },
    });
  }
});

Deno.test("DirectTransport sends the token, and the length of a body", async () => {
  await using wire = startWire("127.0.0.1");
  using client = new ContainariumClient({ serverUrl: wire.url, token });
  await client.containers.setLabels("alice", { city: "Zürich" });
  const [write = ""] = wire.connections.flat();
  const body = '{"labels":{"city":"Zürich"}}';
  assertEquals(write.split("\r\n\r\n")[1], body);
  assertEquals(headerOf(write, "authorization"), `Bearer ${token}`);
  assertEquals(headerOf(write, "content-type"), "application/json");
  assertEquals(headerOf(write, "content-length"), String(new TextEncoder().encode(body).length));
  assertEquals(headerOf(write, "transfer-encoding"), undefined);
});

Deno.test("DirectTransport reuses a connection for reads and opens one for each write", async () => {
  await using wire = startWire("127.0.0.1");
  using client = new ContainariumClient({ serverUrl: wire.url, token });
  await client.containers.list();
  await client.containers.setProtected("alice", true);
  await client.containers.list();
  await client.containers.setProtected("alice", true);
  const methods = wire.connections.map((requests) =>
    requests.map((request) => request.split(" ")[0])
  );
  assertEquals(methods, [["GET", "GET"], ["POST"], ["POST"]]);
  const [, write = ""] = wire.connections.map(([first]) => first);
  assertEquals(headerOf(write, "connection"), "close");
});

Deno.test("DirectTransport adds no listeners to a kept connection", async () => {
  await using wire = startWire("127.0.0.1");
  using client = new ContainariumClient({ serverUrl: wire.url, token });
  const warnings: string[] = [];
  const note = ({ message }: Error) => void warnings.push(message);
  process.on("warning", note);
  // It warns of more than ten, in the next tick.
  for (let i = 0; i < 13; i++) await client.containers.list();
  process.off("warning", note);
  assertEquals([wire.connections.length, warnings], [1, []]);
});

Deno.test("DirectTransport sends a write once, even if the connection drops", async () => {
  await using wire = startWire("127.0.0.1", "");
  using client = new ContainariumClient({ serverUrl: wire.url, token });
  const error = await assertRejects(
    () => client.containers.setProtected("alice", true),
    ContainariumError,
  );
  assertEquals(error.code, "ambiguous");
  assertEquals(wire.connections.map((requests) => requests.length), [1]);
});

Deno.test("DirectTransport ends a read on a kept connection, and does not send it again", async (t) => {
  const cases = [
    ["cancelled", "cancelled", () => ({ signal: cancel.signal })],
    ["out of time", "timeout", () => ({ timeoutMs: 20 })],
  ] as const;
  let cancel = new AbortController();
  for (const [name, code, options] of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon();
      using client = await clientOf(daemon);
      await client.containers.list();
      cancel = new AbortController();
      const hold = daemon.hold("GET", "/v1/containers");
      const reading = assertRejects(() => client.containers.list(options()), ContainariumError);
      await hold.reached;
      cancel.abort();
      assertEquals((await reading).code, code);
      hold.release();
      await daemon.idle();
      assertEquals(daemon.count("GET"), 2);
    });
  }
});

Deno.test("DirectTransport does not follow a redirect", async () => {
  await using elsewhere = startWire("127.0.0.1");
  const answer = `HTTP/1.1 307 Go\r\nlocation: ${elsewhere.url}/\r\ncontent-length: 0\r\n\r\n`;
  await using wire = startWire("127.0.0.1", answer);
  using client = new ContainariumClient({ serverUrl: wire.url, token });
  const error = await assertRejects(() => client.containers.list(), ContainariumError);
  assertStringIncludes(error.message, "refused to follow a redirect (status 307)");
  assertEquals(elsewhere.connections, []);
});

Deno.test("DirectTransport fails for a response that is not HTTP or has an overlong head", async (t) => {
  const answers = [
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "failed_precondition"],
    ["a head of 2 MB", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(333_333)}`, "unavailable"],
  ] as const;
  for (const [name, answer, code] of answers) {
    await t.step(name, async () => {
      await using wire = startWire("127.0.0.1", answer);
      using client = new ContainariumClient({ serverUrl: wire.url, token, totalTimeoutMs: 5_000 });
      const error = await assertRejects(() => client.containers.list(), ContainariumError);
      assertEquals(error.code, code, error.message);
    });
  }
});
