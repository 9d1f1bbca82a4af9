/** Egress relays: SOCKS addresses through which a container gets out over somebody's SSH tunnel. @module */

import { requireScope } from "./auth.ts";
import { integer, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Starting and ending them; nothing lists them, and whose container it is does not matter. */
export const egressRelayRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/network/egress-proxy", handle: start },
  { method: "DELETE", pattern: "/v1/network/egress-proxy/{containerName}", handle: stop },
].map((route) => ({ ...route, since: "0.67.0" }));

const startFields = {
  containerName: text,
  upstreamPort: integer("int32"),
  proxyPort: integer("int32"),
};

/** The port of each relay, by the name that it was started with: the short and the full one are two. */
class EgressRelays {
  readonly ports = new Map<string, number>();
  /** The next port that nobody asked for. */
  nextPort = 38_349;
}

function start({ world, caller, body }: Call): unknown {
  const { containerName, upstreamPort, proxyPort } = body(startFields);
  requireScope(caller, "routes:write");
  if (containerName === "") throw new GrpcError("InvalidArgument", "container_name is required");
  if (upstreamPort < 1 || upstreamPort > 65_535) {
    throw new GrpcError(
      "InvalidArgument",
      "upstream_port must be 1-65535 (the host-loopback port from your `ssh -R`)",
    );
  }
  if (world.store.find(containerName.replace(/-container$/, "")) === undefined) {
    throw new GrpcError("NotFound", `container "${containerName}" not found`);
  }
  const relays = world.area(EgressRelays);
  // Whatever comes of the new one.
  relays.ports.delete(containerName);
  const host = `${world.network}.0.1`;
  if ([...relays.ports.values()].includes(proxyPort)) {
    const address = `${host}:${proxyPort}`;
    throw new GrpcError(
      "Internal",
      `start egress relay: listen ${address}: listen tcp ${address}: bind: address already in use`,
    );
  }
  const port = proxyPort > 0 ? proxyPort : relays.nextPort++;
  relays.ports.set(containerName, port);
  return { socksAddress: `${host}:${port}` };
}

function stop({ world, caller, param }: Call): unknown {
  requireScope(caller, "routes:write");
  return { stopped: world.area(EgressRelays).ports.delete(param("containerName")) };
}
