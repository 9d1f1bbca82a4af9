import { assertEquals } from "@std/assert";
import { ApiPath } from "../../../client/api_path.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";

/** Takes one connection, and never says anything but that it is a WebSocket. */
async function acceptAndFreeze(listener: Deno.TcpListener): Promise<Deno.TcpConn> {
  const connection = await listener.accept();
  const request = new Uint8Array(4_096);
  const length = await connection.read(request) ?? 0;
  const text = new TextDecoder().decode(request.subarray(0, length));
  const [, key = ""] = /^sec-websocket-key: (\S+)/im.exec(text) ?? [];
  const seal = new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const accept = new Uint8Array(await crypto.subtle.digest("SHA-1", seal)).toBase64();
  const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
    `Connection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(answer));
  return connection;
}

Deno.test("a daemon that does not answer the end of a connection is not waited for", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = Deno.createHttpClient({ http2: false });
  const accepting = acceptAndFreeze(listener);
  const socket = await TerminalSocket.connect({
    serverUrl: new URL(`http://127.0.0.1:${listener.addr.port}`),
    path: new ApiPath("containers", "alice", "terminal"),
    headers: {},
    client,
    signal: new AbortController().signal,
  });
  using _connection = await accepting;
  socket.close();
  socket.close();
  assertEquals(socket.isOpen, false);
  assertEquals(await socket.dropped, undefined);
});
