/** A proxy between a client and a daemon, which shows the bytes that it gets. @module */

/** What a proxy saw, and where it is. */
export interface TestProxy extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** All that came from each client, in the order in which the connections were made. */
  readonly connections: readonly { readonly text: string }[];
}

/** How a proxy behaves. */
export interface ProxyOptions {
  /** Where it connects to, whatever it is asked for. */
  readonly to: Deno.ConnectOptions;
  /** What it answers to CONNECT. @default 200 and no more */
  readonly answer?: string;
  /** Whether it hangs up after that. @default {false} */
  readonly hangsUp?: boolean;
  /** Makes it one over TLS. */
  readonly tls?: Deno.TlsCertifiedKeyPem;
}

const established = "HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n";

/**
 * Listens; a tunnel carries what both sides send, and another request is passed on as it came. Who speaks
 * SOCKS gets a tunnel, too.
 */
export function startProxy(
  { to, answer = established, hangsUp = false, tls }: ProxyOptions,
): TestProxy {
  const at = { hostname: "127.0.0.1", port: 0 };
  const listener = tls === undefined ? Deno.listen(at) : Deno.listenTls({ ...at, ...tls });
  const connections: { text: string }[] = [];
  const open: Promise<unknown>[] = [];
  const serving = (async () => {
    for (;;) {
      try {
        const connection: Deno.Conn = await listener.accept();
        const seen = { text: "" };
        connections.push(seen);
        open.push(serve(connection, seen, to, { answer, hangsUp }));
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) return;
        throw error;
      }
    }
  })();
  const { port } = listener.addr;
  return {
    url: `${tls === undefined ? "http://127.0.0.1" : "https://localhost"}:${port}`,
    connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      await Promise.all(open);
    },
  };
}

async function serve(
  connection: Deno.Conn,
  seen: { text: string },
  to: Deno.ConnectOptions,
  { answer, hangsUp }: { readonly answer: string; readonly hangsUp: boolean },
): Promise<void> {
  const note = (bytes: Uint8Array) => {
    for (const byte of bytes) seen.text += String.fromCharCode(byte);
  };
  const buffer = new Uint8Array(64 * 1024);
  try {
    const length = await connection.read(buffer);
    if (length === null) return;
    note(buffer.subarray(0, length));
    if (buffer[0] === 5) {
      await greetBySocks(connection);
      using daemon = await Deno.connect(to);
      await Promise.all([pass(connection, daemon, note), pass(daemon, connection)]);
      return;
    }
    const isTunnel = seen.text.startsWith("CONNECT ");
    if (isTunnel) await connection.write(new TextEncoder().encode(answer));
    if (isTunnel && hangsUp) return;
    using daemon = await Deno.connect(to);
    if (!isTunnel) await daemon.write(buffer.slice(0, length));
    await Promise.all([pass(connection, daemon, note), pass(daemon, connection)]);
  } catch (error) {
    // A client that does not trust this proxy says so.
    if (!(error instanceof Deno.errors.InvalidData)) throw error;
  } finally {
    connection.close();
  }
}

/** Answers as a SOCKS proxy (RFC 1928): no password is needed, and it is connected. */
async function greetBySocks(connection: Deno.Conn): Promise<void> {
  await connection.write(Uint8Array.of(5, 0));
  await connection.read(new Uint8Array(512));
  await connection.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
}

async function pass(from: Deno.Conn, to: Deno.Conn, note?: (bytes: Uint8Array) => void) {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const length = await from.read(buffer);
      if (length === null) break;
      note?.(buffer.subarray(0, length));
      for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
    }
    await to.closeWrite();
  } catch {
    // One side has hung up: close the other.
    for (const side of [from, to]) {
      try {
        await side.closeWrite();
      } catch {
        // It knows.
      }
    }
  }
}
