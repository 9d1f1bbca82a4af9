/**
 * Deno's TCP and TLS connections, with an `AbortSignal` for every step.
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

/** Returns the address that a URL names. */
export function addressOf({ protocol, hostname, port }: URL): Address {
  const usual = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return { hostname: withoutBrackets(hostname), port: port === "" ? usual : Number(port) };
}

/**
 * Opens a TCP connection.
 *
 * @throws The runtime's error, or the signal's reason
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
 * Starts TLS on a connection, which is closed if that fails.
 *
 * @throws The runtime's error, or the signal's reason
 */
export async function startTls(
  plain: Deno.TcpConn,
  options: Deno.StartTlsOptions,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  // Takes ownership of the connection, and closes it on failure.
  const secure = await Deno.startTls(plain, options);
  return await unlessAborted(secure, signal, () => secure.handshake());
}

/** Wraps a connection as a Node stream. The types of `Duplex.fromWeb` do not accept Deno's streams. */
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
      // The peer may be gone; its response is still valid.
      connection.closeWrite().then(() => done(), () => done());
    },
    destroy(error, done) {
      connection.close();
      done(error);
    },
  });
}

/** Runs a step on a connection, which is closed if the step fails or the signal aborts. */
export async function unlessAborted<C extends Deno.Conn>(
  connection: C,
  signal: AbortSignal,
  step: () => Promise<unknown>,
): Promise<C> {
  const giveUp = () => connection.close();
  signal.addEventListener("abort", giveUp, { once: true });
  // The signal may have aborted before the listener was added.
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

/** Writes all bytes. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
