/**
 * Direct TLS connections to the daemon, without the proxy that the environment names.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { connectByPin, readPins } from "./pins.ts";
import { isAuthorityCertificate } from "./tls_fault.ts";

/** Where to connect, and whom to trust there. */
export interface SecurePeer {
  /** The daemon's address. */
  readonly url: URL;
  /** Certificates to trust besides the usual authorities', as PEM. */
  readonly caCerts: readonly string[];
  /** Gives it up. */
  readonly signal: AbortSignal;
}

/**
 * Connects. A daemon may show a certificate that stands in `caCerts` itself: the usual self-signed one,
 * which the runtime refuses because it is an authority's (`CaUsedAsEndEntity`).
 *
 * Deno's `node:tls` never judges a chain here. With `ca` set it accepts whatever certificate of X.509
 * version 1 names one of those as its issuer, whoever signed it (2.9.6: `verify_chain_structure`).
 *
 * @throws What the runtime throws, or the signal's reason
 */
export async function connectSecurely(peer: SecurePeer): Promise<Duplex> {
  try {
    return await connectByChain(peer);
  } catch (error) {
    peer.signal.throwIfAborted();
    if (!isAuthorityCertificate(error)) throw error;
    const pins = await readPins(peer.caCerts);
    if (pins.length === 0) throw error;
    return await connectByPin(addressOf(peer.url), pins, peer.signal);
  }
}

async function connectByChain({ url, caCerts, signal }: SecurePeer): Promise<Duplex> {
  const address = addressOf(url);
  const plain = await Deno.connect({ ...address, signal });
  plain.setNoDelay();
  // Takes over the connection, and closes it if it fails.
  const connection = await Deno.startTls(plain, {
    hostname: address.hostname,
    caCerts: [...caCerts],
    alpnProtocols: ["http/1.1"],
  });
  const giveUp = () => connection.close();
  signal.addEventListener("abort", giveUp, { once: true });
  // A signal that aborted before it was listened to says so only here.
  if (signal.aborted) giveUp();
  try {
    await connection.handshake();
    signal.throwIfAborted();
    return await streamOf(connection);
  } catch (error) {
    if (!signal.aborted) connection.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** `Duplex.fromWeb` would do it, but its types take no stream of Deno's. */
async function streamOf(connection: Deno.TlsConn): Promise<Duplex> {
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

async function writeAll(connection: Deno.TlsConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function addressOf({ hostname, port }: URL): { readonly hostname: string; readonly port: number } {
  return {
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? 443 : Number(port),
  };
}
