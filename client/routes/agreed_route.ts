import { notAgreed } from "../containers/agreed.ts";
import type { NetworkRoute, RouteAddress } from "./network_route.ts";
import { nameOf } from "./route_address.ts";

/** What the user saw when agreeing to change a route. */
export interface AgreedRoute {
  /** The route then. Absent if there was none. */
  readonly route?: NetworkRoute | undefined;
}

/** Returns whether two readings are of a route that leads to the same place in the same way. */
export function isSameRoute(one: NetworkRoute, other: NetworkRoute): boolean {
  return one.kind === other.kind && one.ipAddress === other.ipAddress && one.port === other.port &&
    one.containerName === other.containerName && one.protocol === other.protocol &&
    one.isActive === other.isActive;
}

/**
 * Throws unless a route is as the user saw it.
 *
 * @param what What would be done: "The removal"
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherRoute(
  now: NetworkRoute,
  { route }: AgreedRoute,
  at: RouteAddress,
  what: string,
): void {
  if (route !== undefined && isSameRoute(now, route)) return;
  throw notAgreed(
    `${what} of ${nameOf(at)} was not agreed to: ` +
      (route === undefined
        ? "there was no such route when the user was asked"
        : "it leads elsewhere by now, or was switched"),
  );
}
