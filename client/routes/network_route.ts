import { readFlag, readNumber, readObject, readText, readWord } from "../wire.ts";

/** What the proxy speaks for a domain: it ends TLS, except with `tls_passthrough`. */
export type DomainProtocol = "http" | "grpc" | "tls_passthrough";

/** What a port of the host forwards. */
export type PortProtocol = "tcp" | "udp";

/** A domain that the daemon's proxy serves. */
export interface DomainAddress {
  /** Discriminates it from a port. */
  readonly kind: "domain";
  /** The domain; one without a dot is below the daemon's base domain. */
  readonly domain: string;
}

/** A port of the host. TCP and UDP are two ports. */
export interface PortAddress {
  /** Discriminates it from a domain. */
  readonly kind: "port";
  /** The port, from 1 to 65535. */
  readonly externalPort: number;
  /** What it forwards. */
  readonly protocol: PortProtocol;
}

/** Where traffic arrives. */
export type RouteAddress = DomainAddress | PortAddress;

/** Where a route leads. */
export interface RouteTarget {
  /** IPv4 address of the container. It changes when the container is created again or moved. */
  readonly ipAddress: string;
  /** Port in the container. */
  readonly port: number;
  /** Name of the container, as whoever made the route wrote it; absent if nobody did. */
  readonly containerName?: string | undefined;
}

/** A domain and where it leads. */
export interface DomainRoute extends DomainAddress, RouteTarget {
  /** What the proxy speaks for it. */
  readonly protocol: DomainProtocol;
  /** Whether it is switched on. */
  readonly isActive: boolean;
}

/** A port of the host and where it leads. */
export interface PortRoute extends PortAddress, RouteTarget {
  /** Whether it is switched on. */
  readonly isActive: boolean;
  /** What it is for: text from outside. */
  readonly description?: string | undefined;
}

/** A domain or port of the host, and where it leads. */
export type NetworkRoute = DomainRoute | PortRoute;

const domainProtocols: Readonly<Record<string, DomainProtocol>> = {
  ROUTE_PROTOCOL_GRPC: "grpc",
  ROUTE_PROTOCOL_TLS_PASSTHROUGH: "tls_passthrough",
};

/** Reads the daemon's ProxyRoute message. */
export function readDomainRoute(value: unknown): DomainRoute {
  const wire = readObject(value, "route");
  return {
    kind: "domain",
    domain: readText(wire.fullDomain) ?? "",
    ipAddress: readText(wire.containerIp) ?? "",
    port: readNumber(wire.port),
    containerName: readText(wire.containerName),
    protocol: readWord(wire.protocol, domainProtocols) ?? "http",
    isActive: readFlag(wire.active),
  };
}

/** Reads the daemon's PassthroughRoute message. */
export function readPortRoute(value: unknown): PortRoute {
  const wire = readObject(value, "route");
  return {
    kind: "port",
    externalPort: readNumber(wire.externalPort),
    protocol: wire.protocol === "ROUTE_PROTOCOL_UDP" ? "udp" : "tcp",
    ipAddress: readText(wire.targetIp) ?? "",
    port: readNumber(wire.targetPort),
    containerName: readText(wire.containerName),
    isActive: readFlag(wire.active),
    description: readText(wire.description),
  };
}

/** Returns the daemon's name of a protocol. */
export function wireProtocol(protocol: DomainProtocol | PortProtocol): string {
  return `ROUTE_PROTOCOL_${protocol.toUpperCase()}`;
}
