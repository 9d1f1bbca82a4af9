/** The host: system information and backends. @module */

import { requireAdmin } from "./auth.ts";
import type { Call, Route } from "./route.ts";
import { isSince, type World } from "./world.ts";

/** System information and backends. */
export const systemRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/system/info", handle: systemInfo },
  { method: "GET", pattern: "/v1/backends", since: "0.67.0", handle: listBackends },
];

const storage = {
  pool: "default",
  driver: "STORAGE_DRIVER_DIR",
  isolation: "STORAGE_ISOLATION_SHARED_FILESYSTEM",
  driverName: "dir",
};
const usedMemoryBytes = 889_016_320;
const usedDiskBytes = 16_171_757_568;

function systemInfo({ world, caller }: Call): unknown {
  requireAdmin(caller);
  const states = world.store.all().map((container) => container.state);
  const running = states.filter((state) => state === "CONTAINER_STATE_RUNNING").length;
  const stopped = states.filter((state) => state === "CONTAINER_STATE_STOPPED").length;
  const old = {
    incusVersion: "6.0.4",
    os: "Debian GNU/Linux",
    kernelVersion: "6.18.44",
    totalCpus: world.cpus,
    totalMemoryBytes: String(world.memoryBytes),
    availableMemoryBytes: String(world.memoryBytes - usedMemoryBytes),
    totalDiskBytes: String(world.diskBytes),
    availableDiskBytes: String(world.diskBytes - usedDiskBytes),
    containersRunning: running,
    containersStopped: stopped,
    containersTotal: states.length,
    hostname: world.hostname,
    uptimeSeconds: "0",
    networkCidr: "10.77.0.1/24",
  };
  // What came with which version between these two is not known in detail.
  if (!isSince(world, "0.67.0")) return { info: old };
  const info = {
    ...old,
    cpuLoad1min: 0.18,
    cpuLoad5min: 0.34,
    cpuLoad15min: 0.52,
    gpus: [],
    backendId: "",
    otelCollectorEndpoint: "",
    daemonVersion: world.version,
    sshIngressHost: world.sshHost,
    storage,
  };
  return { info, peers: [] };
}

function listBackends({ world, caller }: Call): unknown {
  requireAdmin(caller);
  return { backends: [localBackend(world)] };
}

function localBackend(world: World): Record<string, unknown> {
  const running = world.store.all()
    .filter((container) => container.state === "CONTAINER_STATE_RUNNING");
  return {
    id: world.hostname,
    type: "local",
    healthy: true,
    version: world.version,
    hostname: world.hostname,
    uptimeSeconds: String(Math.floor((Date.now() - world.startedAtMs) / 1000)),
    lastSeenAt: "",
    os: "Debian GNU/Linux",
    containerCount: running.length,
    gpus: [],
    headroom: null,
    capabilityProfile: null,
    hostLoad: {
      cpuLoad1m: 0.21,
      cpuLoad5m: 0.32,
      cpuLoad15m: 0.49,
      cpuCores: world.cpus,
      memoryUsedBytes: String(usedMemoryBytes),
      memoryTotalBytes: String(world.memoryBytes),
      diskUsedBytes: String(usedDiskBytes),
      diskTotalBytes: String(world.diskBytes),
      sampledAt: new Date().toISOString().replace(/\.\d+/, ""),
    },
    storage,
  };
}
