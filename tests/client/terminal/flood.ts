/** A daemon whose terminals send one message in endless fragments. @module */

/** How much of it was taken, and where it is. */
export interface Flood extends AsyncDisposable {
  /** Where it listens. */
  readonly address: { readonly hostname: string; readonly port: number };
  /** How many bytes of fragments its clients took, with what the connection buffers. */
  readonly sent: number;
}

const most = 2 ** 30;
const encoder = new TextEncoder();
const container = {
  name: "alice-container",
  username: "alice",
  state: "CONTAINER_STATE_RUNNING",
};
const alice = JSON.stringify({ container });
const everyone = JSON.stringify({ containers: [container], totalCount: 1 });

/** Listens; it says of every container that it runs. */
export function startFlood(fragmentBytes: number): Flood {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Promise<void>[] = [];
  const flood = {
    address: { hostname: "127.0.0.1", port: listener.addr.port },
    sent: 0,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
  const talk = async (connection: Deno.TcpConn) => {
    using _ = connection;
    const head = new Uint8Array(8_192);
    const length = await connection.read(head) ?? 0;
    const request = new TextDecoder().decode(head.subarray(0, length));
    if (!/^GET \S+\/terminal /.test(request)) {
      const body = /^GET \S*\/v1\/containers\//.test(request) ? alice : everyone;
      const lines = `content-type: application/json\r\ncontent-length: ${body.length}`;
      const text = `HTTP/1.1 200 OK\r\n${lines}\r\nconnection: close\r\n\r\n${body}`;
      return await writeAll(connection, encoder.encode(text));
    }
    await writeAll(connection, await welcome(request));
    await writeAll(connection, fragment(true, fragmentBytes));
    const next = fragment(false, fragmentBytes);
    const pack = new Uint8Array(Math.ceil(65_536 / next.length) * next.length);
    for (let at = 0; at < pack.length; at += next.length) pack.set(next, at);
    for (; flood.sent < most; flood.sent += pack.length) await writeAll(connection, pack);
  };
  const serving = (async () => {
    for await (const connection of listener) {
      // The client hangs up.
      open.push(talk(connection).catch(() => {}));
    }
    await Promise.all(open);
  })();
  return flood;
}

/** What says that it is a WebSocket. */
export async function welcome(request: string): Promise<Uint8Array<ArrayBuffer>> {
  const [, key = ""] = /^sec-websocket-key: (\S+)/im.exec(request) ?? [];
  const seal = encoder.encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const accept = new Uint8Array(await crypto.subtle.digest("SHA-1", seal)).toBase64();
  return encoder.encode(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
      `Connection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** Writes all of it. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** A frame of a message that goes on: text first, then continuations. */
function fragment(isFirst: boolean, bytes: number): Uint8Array {
  const head = bytes < 126
    ? [isFirst ? 0x01 : 0x00, bytes]
    : [isFirst ? 0x01 : 0x00, 126, bytes >> 8, bytes & 255];
  return Uint8Array.from([...head, ...new Uint8Array(bytes).fill(0x61)]);
}
