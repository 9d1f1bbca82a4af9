import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { Refused } from "../../../client/terminal/link.ts";
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { startFlood, welcome, writeAll } from "./flood.ts";

const encoder = new TextEncoder();

/** Reads a handshake from the next connection, and leaves the answer to the test. */
async function accept(
  listener: Deno.TcpListener,
): Promise<{ readonly connection: Deno.TcpConn; readonly request: string }> {
  const connection = await listener.accept();
  const request = new Uint8Array(4_096);
  const length = await connection.read(request) ?? 0;
  return { connection, request: new TextDecoder().decode(request.subarray(0, length)) };
}

/** Takes one connection, and says nothing beyond that it is a WebSocket but what is given. */
async function acceptWith(
  listener: Deno.TcpListener,
  first: Uint8Array = new Uint8Array(),
): Promise<Deno.TcpConn> {
  const { connection, request } = await accept(listener);
  await writeAll(connection, Uint8Array.from([...await welcome(request), ...first]));
  return connection;
}

function connect(port: number, links: LinkOpener): Promise<TerminalSocket> {
  return TerminalSocket.connect({
    serverUrl: new URL(`http://127.0.0.1:${port}`),
    path: new ApiPath("containers", "alice", "terminal"),
    headers: { authorization: "Bearer ctnr_example", origin: "http://localhost:3000" },
    links,
    signal: new AbortController().signal,
  });
}

Deno.test("TerminalSocket.close() does not wait for a daemon that does not answer", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using links = new LinkOpener([], "direct");
  const accepting = acceptWith(listener);
  const socket = await connect(listener.addr.port, links);
  using _connection = await accepting;
  socket.close();
  socket.close();
  assertEquals(socket.isOpen, false);
  assertEquals(await socket.dropped, undefined);
});

Deno.test("the handshake asks in origin form, with the token and the Origin", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using links = new LinkOpener([], "direct");
  const accepting = accept(listener);
  const connecting = connect(listener.addr.port, links);
  const { connection, request } = await accepting;
  using _connection = connection;
  const body = "not from there";
  await writeAll(
    connection,
    encoder.encode(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
  );
  const refused = await assertRejects(() => connecting, Refused);
  assertEquals([refused.status, refused.body], [403, body]);
  assertEquals(request.split("\r\n")[0], "GET /v1/containers/alice/terminal HTTP/1.1");
  assertStringIncludes(request.toLowerCase(), "\r\nauthorization: bearer ctnr_example\r\n");
  assertStringIncludes(request.toLowerCase(), "\r\norigin: http://localhost:3000\r\n");
});

Deno.test("a refusal with an endless body is not read to its end", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using links = new LinkOpener([], "direct");
  const accepting = accept(listener);
  const connecting = connect(listener.addr.port, links);
  const { connection } = await accepting;
  const sending = (async () => {
    try {
      await writeAll(connection, encoder.encode("HTTP/1.1 500 No\r\n\r\n"));
      for (;;) await writeAll(connection, encoder.encode("no".repeat(8_192)));
    } catch {
      // The client has hung up.
    }
    connection.close();
  })();
  const refused = await assertRejects(() => connecting, Refused);
  assertEquals([refused.status, refused.body.length], [500, 4_096]);
  await sending;
});

Deno.test("what comes together with the handshake is not lost", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using links = new LinkOpener([], "direct");
  const text = encoder.encode(JSON.stringify({ type: "output", data: "first" }));
  const accepting = acceptWith(listener, Uint8Array.from([0x81, text.length, ...text]));
  const socket = await connect(listener.addr.port, links);
  const connection = await accepting;
  const heard = Promise.withResolvers<string>();
  socket.onOutput = heard.resolve;
  assertEquals(await heard.promise, "first");
  connection.close();
  await socket.dropped;
});

Deno.test("onOutput is handed over without a loss, and in order", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using links = new LinkOpener([], "direct");
  const frames = ["one", "two", "three"].map((data) => {
    const text = encoder.encode(JSON.stringify({ type: "output", data }));
    return [0x81, text.length, ...text];
  });
  const accepting = acceptWith(listener, Uint8Array.from(frames.flat()));
  const socket = await connect(listener.addr.port, links);
  const connection = await accepting;
  const first = Promise.withResolvers<string>();
  socket.onOutput = (text) => {
    socket.onOutput = undefined;
    first.resolve(text);
  };
  const heard = [await first.promise];
  const last = Promise.withResolvers<void>();
  socket.onOutput = (text) => {
    heard.push(text);
    if (text === "three") last.resolve();
  };
  await last.promise;
  assertEquals(heard, ["one", "two", "three"]);
  connection.close();
  await socket.dropped;
});

for (const [what, bytes, most] of [["large", 60_000, 64], ["tiny", 1, 16]] as const) {
  Deno.test(`a message in endless ${what} fragments ends the connection`, async () => {
    await using flood = startFlood(bytes);
    using links = new LinkOpener([], "direct");
    const socket = await connect(flood.address.port, links);
    assertStringIncludes(await socket.dropped ?? "", "more in one message");
    // What the two ends of the connection buffer is in it.
    assert(flood.sent < most * 1_048_576, `${flood.sent} bytes were taken`);
  });
}
