/** Metrics that move: counters grow while a container runs. @module */

import { requireTenant } from "./auth.ts";
import type { Container } from "./container.ts";
import { requiredUsername } from "./containers.ts";
import { healthyPeers, hereOrOnPeer } from "./peers.ts";
import type { Call, Route } from "./route.ts";
import { cpuSeconds } from "./store.ts";

/** Metrics of all containers and of one. */
export const metricsRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/metrics", handle: listMetrics },
  { method: "GET", pattern: "/v1/metrics/{username}", handle: getMetrics },
];

async function listMetrics(call: Call): Promise<unknown> {
  const { world, caller, query } = call;
  const username = query.get("username") ?? "";
  if (username !== "") return await metricsOf(call, username);
  const containers = world.store.all()
    .filter((container) => caller.admin || container.username === caller.username);
  return { metrics: [...containers.map(writeMetrics), ...await metricsOfPeers(call)] };
}

function getMetrics(call: Call): Promise<unknown> {
  return metricsOf(call, requiredUsername(call.param("username")));
}

function metricsOf(call: Call, username: string): Promise<unknown> {
  requireTenant(call.caller, username);
  const here = () => {
    const failedTo = "failed to get metrics: failed to get container state";
    return { metrics: [writeMetrics(call.world.store.demand(username, failedTo))] };
  };
  return hereOrOnPeer(call, username, here, async (peer) => {
    const { text } = await peer.request("GET", `/v1/metrics/${username}`, call.authorization);
    return JSON.parse(text);
  });
}

async function metricsOfPeers({ world, authorization }: Call): Promise<readonly unknown[]> {
  const lists = await Promise.all(
    healthyPeers(world).map(async (peer) => {
      const { text } = await peer.request("GET", "/v1/metrics", authorization);
      const { metrics }: { metrics: readonly unknown[] } = JSON.parse(text);
      return metrics;
    }),
  );
  return lists.flat();
}

function writeMetrics(container: Container): Record<string, unknown> {
  const { runningSinceMs } = container;
  const ranSeconds = runningSinceMs === undefined ? 0 : (Date.now() - runningSinceMs) / 1000;
  const running = runningSinceMs !== undefined;
  const whole = (value: number) => String(Math.floor(value));
  return {
    name: `${container.username}-container`,
    cpuUsageSeconds: running ? whole(cpuSeconds(container)) : "0",
    memoryUsageBytes: running ? whole(20_824_064 + ranSeconds * 4096) : "0",
    memoryPeakBytes: running ? whole(28_422_144 + ranSeconds * 4096) : "0",
    // Even a stopped container's files take room; one without an image has none.
    diskUsageBytes: container.image === "" ? "0" : "281564892",
    networkRxBytes: running ? whole(1762 + ranSeconds * 900) : "0",
    networkTxBytes: running ? whole(1222 + ranSeconds * 600) : "0",
    processCount: running ? 8 : 0,
  };
}
