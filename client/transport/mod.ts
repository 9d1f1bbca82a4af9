/**
 * The ways to the daemon.
 *
 * @module
 */
import { isLoopback } from "../loopback.ts";
import { DirectTransport } from "./direct.ts";
import { FetchTransport } from "./fetch.ts";
import type { Transport } from "./transport.ts";

export { type Incoming, NotSent, type Outgoing, type Transport } from "./transport.ts";

/** Whom to trust, and how much to keep. */
export interface TransportOptions {
  /** The daemon's address. */
  readonly serverUrl: URL;
  /** Certificates of authorities to trust beside the usual ones, as PEM. */
  readonly caCerts: readonly string[];
  /** How many connections are kept for reads. */
  readonly maxKept: number;
}

/**
 * Returns the way to a daemon: to this machine straight, as Go's clients go, since a proxy would look for
 * the daemon on its own; elsewhere by way of the proxy that the environment names.
 */
export function transportTo({ serverUrl, caCerts, maxKept }: TransportOptions): Transport {
  const { protocol, hostname } = serverUrl;
  return protocol === "http:" && isLoopback(hostname)
    ? new DirectTransport(maxKept)
    : new FetchTransport(caCerts, maxKept);
}
