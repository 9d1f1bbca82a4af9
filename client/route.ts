import { isLoopback } from "./loopback.ts";

/** How a connection to the daemon is made, for whatever runs over it. */
export type RouteOptions = Pick<Deno.CreateHttpClientOptions, "caCerts" | "proxy">;

/**
 * Whom to trust on the way to the daemon, and which way to take. To one's own machine straight, as
 * Go's clients do: a proxy that the environment names would look for the daemon on its own. Elsewhere
 * that proxy is heeded. Deno's fetch and its WebSocket are alike in this.
 *
 * @param serverUrl The daemon's address
 * @param caCerts Certificates of authorities to trust beside the usual ones, as PEM
 */
export function routeTo(serverUrl: URL, caCerts: readonly string[]): RouteOptions {
  const trust = { caCerts: [...caCerts] };
  const { protocol, hostname, port } = serverUrl;
  if (protocol === "https:" || !isLoopback(hostname)) return trust;
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    ...trust,
    proxy: { transport: "tcp", hostname: bare, port: port === "" ? 80 : Number(port) },
  };
}
