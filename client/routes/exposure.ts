import { notAgreed } from "../containers/agreed.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { JsonObject } from "../wire.ts";
import { type AgreedRoute, isSameRoute } from "./agreed_route.ts";
import {
  type DomainProtocol,
  type NetworkRoute,
  type RouteAddress,
  type RouteTarget,
  wireProtocol,
} from "./network_route.ts";
import { nameOf } from "./route_address.ts";
import { taken } from "./route_errors.ts";

/** What an exposure says besides its address and target. */
interface ExposureOptions {
  readonly protocol?: DomainProtocol | undefined;
  readonly description?: string | undefined;
}

/** Returns the path of the table that an address is in. */
export function collectionOf(at: RouteAddress): ApiPath {
  return new ApiPath("network", at.kind === "domain" ? "routes" : "passthrough");
}

/** Returns the body of an exposure. Newer daemons refuse unknown keys: what is the default is left out. */
export function exposure(
  at: RouteAddress,
  { ipAddress, port, containerName }: RouteTarget,
  { protocol = "http", description }: ExposureOptions,
): JsonObject {
  const target = { targetIp: ipAddress, targetPort: port, containerName, description };
  return at.kind === "domain"
    ? {
      domain: at.domain,
      ...target,
      protocol: protocol === "http" ? undefined : wireProtocol(protocol),
    }
    : { externalPort: at.externalPort, ...target, protocol: wireProtocol(at.protocol) };
}

/** Returns a domain in full and in lower case, as it is asked for. */
export function fullName(domain: string, baseDomain: string): string {
  const isShort = !domain.includes(".") && baseDomain !== "";
  return (isShort ? `${domain}.${baseDomain}` : domain).toLowerCase();
}

/** Throws unless a route may be changed: it is the container's own, or was agreed to. */
export function refuseTakeover(
  now: NetworkRoute | undefined,
  at: RouteAddress,
  { containerName, port }: RouteTarget,
  agreed: AgreedRoute | undefined,
): void {
  if (now === undefined) return;
  const isRepair = containerName !== undefined && now.containerName === containerName &&
    now.port === port;
  if (isRepair) return;
  if (agreed?.route === undefined) throw taken(now, at, "is taken");
  if (!isSameRoute(now, agreed.route)) {
    throw notAgreed(`${nameOf(at)} leads elsewhere than when the user was asked`);
  }
}
