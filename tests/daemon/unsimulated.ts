/**
 * Endpoints that a daemon has and the simulator does not yet: an honest 501 instead of a 404, and the right
 * answer to a wrong method. A resource that comes to be simulated leaves this list.
 *
 * @module
 */

import { GrpcError } from "./reply.ts";
import type { Route } from "./route.ts";

const endpoints: readonly (readonly [string, string, string])[] = [];

/** Their routes. */
export const unsimulatedRoutes: readonly Route[] = endpoints.map(([feature, method, pattern]) => ({
  method,
  pattern,
  since: "0.67.0",
  handle: () => {
    throw new GrpcError("Unimplemented", `the simulator has no ${feature} yet`);
  },
}));
