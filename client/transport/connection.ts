/**
 * Chooses a transport.
 *
 * @module
 */
import { isLoopback } from "../auth/server_url.ts";
import { DirectTransport } from "./direct.ts";
import { FetchTransport } from "./fetch.ts";
import { PinnableTransport } from "./pinnable.ts";
import type { Transport } from "./transport.ts";

export { type Incoming, NotSent, type Outgoing, type Transport } from "./transport.ts";

/** Options of a transport. */
export interface TransportOptions {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** Maximum idle connections for reads. */
  readonly maxKept: number;
}

/**
 * Returns the transport to a daemon: direct for this machine, as Go's clients do, since a proxy
 * would resolve `localhost` itself; through the environment's proxy for others.
 */
export function transportTo({ serverUrl, caCerts, maxKept }: TransportOptions): Transport {
  const { protocol, hostname } = serverUrl;
  if (isLoopback(hostname)) return new DirectTransport(caCerts, maxKept);
  const usual = new FetchTransport(caCerts, maxKept);
  return protocol === "https:" && caCerts.length > 0
    ? new PinnableTransport(usual, new DirectTransport(caCerts, maxKept))
    : usual;
}
