/**
 * Routes: domains and ports of the host that lead to ports of containers.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { exposePort } from "./expose_port.ts";
import { listRoutes } from "./list_routes.ts";
import { removeRoute } from "./remove_route.ts";

/** The toolset `routes`, in the order in which it is listed. */
export const routeTools: readonly Tool[] = [listRoutes, exposePort, removeRoute];
