/**
 * Connections of the runtime's, each given up by a signal.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { withoutBrackets } from "./http_proxy.ts";

/** A host and a port. */
export interface Address {
  /** Name or address, without the brackets of IPv6. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
}

/** Returns where a URL leads. */
export function addressOf({ protocol, hostname, port }: URL): Address {
  const usual = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return { hostname: withoutBrackets(hostname), port: port === "" ? usual : Number(port) };
}

/**
 * Connects, without TLS.
 *
 * @throws What the runtime throws, or the signal's reason
 */
export async function dialTcp(
  { hostname, port }: Address,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname, port, signal });
  connection.setNoDelay();
  return connection;
}

/**
 * Makes a connection one over TLS; it is closed if that fails.
 *
 * @throws What the runtime throws, or the signal's reason
 */
export async function startTls(
  plain: Deno.TcpConn,
  options: Deno.StartTlsOptions,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  // Takes over the connection, and closes it if it fails.
  const secure = await Deno.startTls(plain, options);
  return await unlessAborted(secure, signal, () => secure.handshake());
}

/** Returns a connection as a stream of Node's; `Duplex.fromWeb` would, but its types take none of Deno's. */
export async function streamOf(connection: Deno.Conn): Promise<Duplex> {
  const { Duplex } = await import("node:stream");
  const buffer = new Uint8Array(64 * 1024);
  return new Duplex({
    allowHalfOpen: false,
    read() {
      connection.read(buffer).then(
        (length) => this.push(length === null ? null : buffer.slice(0, length)),
        (error) => this.destroy(error),
      );
    },
    write(chunk: Uint8Array, _encoding, done) {
      writeAll(connection, chunk).then(() => done(), done);
    },
    final(done) {
      // The other end may be gone, which does not invalidate its response.
      connection.closeWrite().then(() => done(), () => done());
    },
    destroy(error, done) {
      connection.close();
      done(error);
    },
  });
}

/** Runs a step over a connection, which is closed when the step fails or is given up. */
export async function unlessAborted<C extends Deno.Conn>(
  connection: C,
  signal: AbortSignal,
  step: () => Promise<unknown>,
): Promise<C> {
  const giveUp = () => connection.close();
  signal.addEventListener("abort", giveUp, { once: true });
  // A signal that aborted before it was listened to says so only here.
  if (signal.aborted) giveUp();
  try {
    await step();
    signal.throwIfAborted();
    return connection;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Writes all of it. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
