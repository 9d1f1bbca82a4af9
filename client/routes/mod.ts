/**
 * Routes: domains and ports of the host that lead to ports of containers.
 *
 * @module
 */
export type { AgreedRoute } from "./agreed_route.ts";
export { domainProblem, isPort } from "./route_address.ts";
export type {
  DomainAddress,
  DomainProtocol,
  DomainRoute,
  NetworkRoute,
  PortAddress,
  PortProtocol,
  PortRoute,
  RouteAddress,
  RouteTarget,
} from "./network_route.ts";
export type {
  ExposeOptions,
  ExposeResult,
  RemoveRouteOptions,
  RemoveRouteResult,
  Routes,
  SwitchRouteResult,
} from "./routes.ts";
