/**
 * Where traffic may arrive. Checked before anything is sent: the daemon stores what its own API cannot delete
 * again, and forwards ports that the host itself needs.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { NetworkRoute, PortProtocol, RouteAddress } from "./network_route.ts";

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_DOMAIN_CHARS = 253;

/**
 * Returns why a domain cannot be exposed, or `undefined` if it can.
 *
 * The daemon also stores wildcards, which take every name that nobody has yet, and names that no client
 * can ask for.
 */
export function domainProblem(domain: string): string | undefined {
  const hasLabels = domain.length <= MAX_DOMAIN_CHARS &&
    domain.split(".").every((part) => label.test(part));
  if (hasLabels && isHostname(domain)) return undefined;
  return `${JSON.stringify(domain)} is not a domain: lower-case letters, digits and dashes, in ` +
    "parts of at most 63 separated by dots, without scheme, port, path or wildcard, and no IP address";
}

/** A URL reads some names as addresses, such as 127.1 and 0x7f.1, and has no place for others, such as xn--a. */
function isHostname(domain: string): boolean {
  const full = domain.includes(".") ? domain : `${domain}.test`;
  return !/\.\d+$/.test(full) && URL.parse(`https://${full}/`)?.hostname === full;
}

/** Ports of the host that must not be forwarded, and whose they are. */
const hostPorts: Readonly<Record<PortProtocol, Readonly<Record<number, string>>>> = {
  tcp: {
    22: "SSH to the host",
    53: "the containers' DNS",
    80: "the proxy of all domains",
    443: "the proxy of all domains",
    8080: "the daemon",
    50051: "the daemon",
  },
  udp: {
    53: "the containers' DNS",
    67: "the containers' DHCP",
    443: "the proxy of all domains",
  },
};

/**
 * Returns why a port of the host cannot be exposed, or `undefined` if it can. Whether another program of the
 * host listens there is unknown: forwarding hides it.
 *
 * @param daemonPort Port at which the client reaches the daemon
 */
export function externalPortProblem(
  port: number,
  protocol: PortProtocol,
  daemonPort?: number,
): string | undefined {
  if (!isPort(port)) return `${port} is not a port: 1 to 65535`;
  const owner = hostPorts[protocol][port] ??
    (protocol === "tcp" && port === daemonPort ? "the daemon" : undefined);
  return owner === undefined
    ? undefined
    : `port ${port} (${protocol}) of the host belongs to ${owner}, which would no longer be reached`;
}

/** Returns whether a number is a port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Returns an address in words: `web.example.com`, `tcp port 5432`. */
export function nameOf(at: RouteAddress): string {
  return at.kind === "domain" ? at.domain : `${at.protocol} port ${at.externalPort}`;
}

/**
 * Returns the path of a route's resource.
 *
 * @throws {ContainariumError} `invalid_argument` for a domain that cannot be a path segment
 */
export function routePath(at: RouteAddress): ApiPath {
  if (at.kind === "domain") return new ApiPath("network", "routes", at.domain);
  if (isPort(at.externalPort)) {
    return new ApiPath("network", "passthrough", `${at.externalPort}`);
  }
  throw new ContainariumError("invalid_argument", `${at.externalPort} is not a port: 1 to 65535`);
}

/**
 * Finds the route at an address. Domains are the same in capitals; the daemon makes two rows of them, of which
 * the one that is spelled alike comes first.
 */
export function routeAt(
  routes: readonly NetworkRoute[],
  at: RouteAddress,
): NetworkRoute | undefined {
  if (at.kind === "port") {
    return routes.find((route) =>
      route.kind === "port" && route.externalPort === at.externalPort &&
      route.protocol === at.protocol
    );
  }
  const alike = routes.filter((route) =>
    route.kind === "domain" && route.domain.toLowerCase() === at.domain.toLowerCase()
  );
  return alike.find((route) => route.kind === "domain" && route.domain === at.domain) ?? alike[0];
}

/** Returns whether two routes are the same row of the daemon's table, where domains differ in capitals. */
export function isSameRow(one: NetworkRoute, other: NetworkRoute): boolean {
  return one.kind === "port" || (other.kind === "domain" && one.domain === other.domain);
}
