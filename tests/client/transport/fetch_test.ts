/** What is on the wire where `fetch` carries the requests. */
import { assertEquals, assertRejects } from "@std/assert";
import { FetchTransport } from "../../../client/transport/fetch.ts";
import { NotSent, unsent } from "../../../client/transport/transport.ts";
import { runtimeWords } from "../../../client/transport/words.ts";
import { headerOf, requestLine, startWire } from "./wire.ts";

async function send(
  transport: FetchTransport,
  url: string,
  method: string,
  body?: string,
): Promise<readonly [number, string | undefined, string]> {
  const response = await transport.send({
    method,
    url: new URL("/v1/x", url),
    headers: { "x-mark": "1" },
    body,
    signal: new AbortController().signal,
  });
  let text = "";
  for await (const chunk of response.body) text += new TextDecoder().decode(chunk);
  return [response.status, response.header("x-answer"), text];
}

const answer = "HTTP/1.1 200 OK\r\nx-answer: yes\r\ncontent-length: 2\r\n\r\nhi";

Deno.test("FetchTransport reuses a connection for reads, and opens one for each write", async () => {
  await using wire = startWire("127.0.0.1", answer);
  using transport = new FetchTransport([], 1);
  for (const method of ["GET", "POST", "GET", "POST"]) {
    const body = method === "GET" ? undefined : "{}";
    assertEquals(await send(transport, wire.url, method, body), [200, "yes", "hi"]);
  }
  const lines = wire.connections.map((requests) => requests.map(requestLine));
  const [read, write] = ["GET /v1/x HTTP/1.1", "POST /v1/x HTTP/1.1"];
  assertEquals(lines, [[read, read], [write], [write]]);
  assertEquals(wire.connections.flat().map((request) => headerOf(request, "x-mark")), [
    ...["1", "1", "1", "1"],
  ]);
});

Deno.test("FetchTransport keeps no connection where none is to be kept", async () => {
  await using wire = startWire("127.0.0.1", answer);
  using transport = new FetchTransport([], 0);
  for (let i = 0; i < 2; i++) await send(transport, wire.url, "GET");
  assertEquals(wire.connections.map((requests) => requests.length), [1, 1]);
});

Deno.test("FetchTransport returns a redirect, and an answer without a body, as they are", async () => {
  const redirect = "HTTP/1.1 307 Go\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
  for (const [head, status] of [[redirect, 307], ["HTTP/1.1 204 None\r\n\r\n", 204]] as const) {
    await using wire = startWire("127.0.0.1", head);
    using transport = new FetchTransport([], 1);
    assertEquals(await send(transport, wire.url, "GET"), [status, undefined, ""]);
    assertEquals(wire.connections.flat().length, 1);
  }
});

Deno.test("FetchTransport fails with what the runtime says where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  using transport = new FetchTransport([], 1);
  const error = await assertRejects(() => send(transport, url, "GET"), TypeError);
  assertEquals(/client error \(Connect\)/.test(runtimeWords(error)), true, runtimeWords(error));
});

Deno.test("unsent() keeps a missing permission as it is, and says of all else that nothing was sent", () => {
  const denied = new Deno.errors.NotCapable("net");
  assertEquals(unsent(denied), denied);
  const refused = new Error("connection refused");
  const error = unsent(refused);
  assertEquals(error instanceof NotSent && error.cause === refused, true);
  assertEquals(String(error), "NotSent: Cannot connect to the daemon");
});
