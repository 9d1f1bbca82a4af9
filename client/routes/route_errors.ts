import { ContainariumError } from "../errors.ts";
import type { NetworkRoute, RouteAddress } from "./network_route.ts";
import { nameOf } from "./route_address.ts";

/** Returns the error for a domain or port that another container or port has. */
export function taken(route: NetworkRoute, at: RouteAddress, how: string): ContainariumError {
  const { containerName, ipAddress, port } = route;
  return new ContainariumError(
    "conflict",
    `${nameOf(at)} ${how}: it leads to ${
      containerName ?? "an unknown container"
    } (${ipAddress} port ${port})`,
    { reason: "route_taken", details: { takenBy: containerName } },
  );
}

/** Returns the error for a domain that the proxy serves without a route in the list. */
export function servedElsewhere(at: RouteAddress): ContainariumError {
  return new ContainariumError(
    "conflict",
    `${
      nameOf(at)
    } is served by the daemon's proxy, though no route in its list leads there: it is the ` +
      "daemon's own or an app's, or its route was removed in the last seconds",
    { reason: "route_taken" },
  );
}

/** Returns the error for a route that does not exist. */
export function missing(at: RouteAddress): ContainariumError {
  return new ContainariumError("not_found", `There is no route at ${nameOf(at)}`, {
    reason: "route_missing",
  });
}

/** Returns the error for a daemon without domains. */
export function withoutProxy(): ContainariumError {
  return new ContainariumError(
    "unsupported",
    "This daemon has no proxy, so no domain can be exposed",
    {
      reason: "no_reverse_proxy",
    },
  );
}

/** Returns the error for a change that the daemon confirmed and did not make. */
export function notCarriedOut(at: RouteAddress): ContainariumError {
  return new ContainariumError(
    "internal",
    `The daemon reports success, but the route at ${nameOf(at)} is as it was`,
  );
}
