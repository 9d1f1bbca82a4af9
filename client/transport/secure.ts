/**
 * TLS connections to the daemon without `fetch`.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { addressOf, dialTcp, startTls, streamOf } from "./dial.ts";
import type { HttpProxy } from "./http_proxy.ts";
import { connectByPin, readPins } from "./pins.ts";
import { isAuthorityCertificate } from "./tls_fault.ts";
import { dialByProxy } from "./tunnel.ts";

/** Where to connect and which certificates to trust. */
export interface SecurePeer {
  /** The daemon's address. */
  readonly url: URL;
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** Proxy to connect through, which must not be behind TLS itself. */
  readonly proxy?: HttpProxy | undefined;
  /** Aborts the attempt. */
  readonly signal: AbortSignal;
}

/**
 * Connects. The daemon's certificate may itself be in `caCerts`: the usual self-signed one, which the
 * runtime rejects because it is a CA certificate (`CaUsedAsEndEntity`). Requests reach such a daemon
 * without the proxy, so this does, too.
 *
 * Deno's `node:tls` must not verify a chain: with `ca` set, it accepts any X.509 version 1 certificate that
 * names one of those as its issuer, whoever signed it (2.9.6: `verify_chain_structure`).
 *
 * @throws {ProxyFailure}
 * @throws The runtime's error, or the signal's reason
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

async function connectByChain({ url, caCerts, proxy, signal }: SecurePeer): Promise<Duplex> {
  const address = addressOf(url);
  const plain = proxy === undefined
    ? await dialTcp(address, signal)
    : await dialByProxy(proxy, address, signal);
  const options = {
    hostname: address.hostname,
    caCerts: [...caCerts],
    alpnProtocols: ["http/1.1"],
  };
  return await streamOf(await startTls(plain, options, signal));
}
