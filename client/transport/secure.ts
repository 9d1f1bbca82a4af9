/**
 * TLS connections to the daemon that are made here, not by `fetch`.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import { addressOf, dialTcp, startTls, streamOf } from "./dial.ts";
import type { HttpProxy } from "./http_proxy.ts";
import { connectByPin, readPins } from "./pins.ts";
import { isAuthorityCertificate } from "./tls_fault.ts";
import { dialByProxy } from "./tunnel.ts";

/** Where to connect, and whom to trust there. */
export interface SecurePeer {
  /** The daemon's address. */
  readonly url: URL;
  /** Certificates to trust besides the usual authorities', as PEM. */
  readonly caCerts: readonly string[];
  /** The proxy between, if there is one; not one with TLS of its own. */
  readonly proxy?: HttpProxy | undefined;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

/**
 * Connects. A daemon may show a certificate that stands in `caCerts` itself: the usual self-signed one,
 * which the runtime refuses because it is an authority's (`CaUsedAsEndEntity`). Such a daemon is reached
 * past the proxy, as requests reach it.
 *
 * Deno's `node:tls` never judges a chain here. With `ca` set it accepts whatever certificate of X.509
 * version 1 names one of those as its issuer, whoever signed it (2.9.6: `verify_chain_structure`).
 *
 * @throws {ProxyFailure}
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
