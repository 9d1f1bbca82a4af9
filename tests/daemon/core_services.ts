/** The core services: containers of the daemon's own, which are in no list of containers. @module */

import { jsonReply, plainReply, type Reply, withHeaders } from "./reply.ts";
import type { GuardedHandler } from "./route.ts";
import type { CoreService } from "./types.ts";
import type { World } from "./world.ts";

/** The handler of their list. */
export const coreServices: GuardedHandler = {
  takes: (path) => path === "/v1/system/core-services",
  answer: ({ method }, _path, _caller, world) =>
    withHeaders(listServices(method, world), { Vary: "Origin" }),
};

function listServices(method: string, world: World): Reply {
  if (method !== "GET") return plainReply(405, '{"error":"method not allowed"}');
  const services = world.services.coreServices.toSorted().map((name) => ({
    name: `containarium-core-${name}`,
    role: `core-${name}`,
    state: "Running",
    ipAddress: coreAddress(world, name),
  }));
  return jsonReply(200, { services });
}

const lastBytes: Readonly<Record<CoreService, number>> = {
  otelcollector: 51,
  security: 168,
  victoriametrics: 7,
};

/** Where a core service is; undefined when there is none. */
export function coreAddress(world: World, name: CoreService): string | undefined {
  return world.services.coreServices.includes(name)
    ? `${world.network}.0.${lastBytes[name]}`
    : undefined;
}
