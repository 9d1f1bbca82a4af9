/**
 * Self-signed certificates that are trusted directly.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { certificatesIn } from "./certificates.ts";

/** A certificate that is trusted directly. */
export interface Pin {
  /** As PEM. */
  readonly pem: string;
  /** The same in DER, byte for byte. */
  readonly der: Uint8Array;
}

/**
 * Returns the CA certificates that a daemon may use as its own. The runtime itself accepts those that are
 * not CA certificates. The CA flag implies X.509 version 3; for older versions, Deno's `node:tls` would not
 * verify that the daemon has the private key.
 */
export async function readPins(caCerts: readonly string[]): Promise<readonly Pin[]> {
  const { X509Certificate } = await import("node:crypto");
  return certificatesIn(caCerts.join("\n")).flatMap((pem) => {
    try {
      const { ca, raw } = new X509Certificate(pem);
      return ca ? [{ pem, der: new Uint8Array(raw) }] : [];
    } catch {
      // Ignore unreadable certificates.
      return [];
    }
  });
}

/**
 * Connects to a peer that presents one of these certificates, has its key, and is named in it.
 *
 * @throws The error of `node:tls`, or the signal's reason
 */
export async function connectByPin(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  pins: readonly Pin[],
  signal: AbortSignal,
): Promise<Duplex> {
  const { checkServerIdentity, connect } = await import("node:tls");
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({
    host: hostname,
    port,
    ca: pins.map(({ pem }) => pem),
    ALPNProtocols: ["http/1.1"],
    checkServerIdentity: (name, certificate) =>
      pins.some(({ der }) => isEqual(der, certificate.raw))
        ? checkServerIdentity(name, certificate)
        : new Error("the certificate is another than a moment ago"),
  });
  const giveUp = () => socket.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  socket.once("secureConnect", resolve);
  socket.once("error", reject);
  socket.once("close", () => reject(new Error("connection closed")));
  try {
    await promise;
    socket.setNoDelay();
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
