/**
 * The ways to the daemon.
 *
 * @module
 */
import { isLoopback } from "../auth/server_url.ts";
import { DirectTransport } from "./direct.ts";
import { FetchTransport } from "./fetch.ts";
import { PinnableTransport } from "./pinnable.ts";
import type { Transport } from "./transport.ts";

export { type Incoming, NotSent, type Outgoing, type Transport } from "./transport.ts";

/** Whom to trust, and how much to keep. */
export interface TransportOptions {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Certificates to trust besides the usual authorities', as PEM. */
  readonly caCerts: readonly string[];
  /** How many connections are kept for reads. */
  readonly maxKept: number;
}

/**
 * Returns the way to a daemon: directly to this machine, as Go's clients do, since a proxy would look for
 * the daemon on its own; elsewhere through the proxy that the environment names.
 */
export function transportTo({ serverUrl, caCerts, maxKept }: TransportOptions): Transport {
  const { protocol, hostname } = serverUrl;
  if (isLoopback(hostname)) return new DirectTransport(caCerts, maxKept);
  const usual = new FetchTransport(caCerts, maxKept);
  return protocol === "https:" && caCerts.length > 0
    ? new PinnableTransport(usual, new DirectTransport(caCerts, maxKept))
    : usual;
}
