/** The host: system information and backends. @module */

import { requireAdmin } from "./auth.ts";
import { Capacity } from "./capacity.ts";
import { isoSeconds } from "./container.ts";
import { coreAddress } from "./core_services.ts";
import type { IncomingRequest } from "./http.ts";
import type { Caller } from "./jwt.ts";
import { healthyPeers, type Peer } from "./peers.ts";
import { plainReply, type Reply } from "./reply.ts";
import type { Call, GuardedHandler, Route } from "./route.ts";
import { isSince, type World } from "./world.ts";

/** System information and backends. */
export const systemRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/system/info", handle: systemInfo },
  { method: "GET", pattern: "/v1/backends", since: "0.67.0", handle: listBackends },
];

/** The storage pool under the containers; nothing where the daemon does not say. */
function storageOf({ storageDriver }: World): HostInfo | null {
  if (storageDriver === null) return null;
  return {
    pool: "default",
    driver: `STORAGE_DRIVER_${storageDriver.toUpperCase()}`,
    isolation: storageDriver === "dir"
      ? "STORAGE_ISOLATION_SHARED_FILESYSTEM"
      : "STORAGE_ISOLATION_PER_CONTAINER",
    driverName: storageDriver,
  };
}

/** A host on the wire. */
type HostInfo = Readonly<Record<string, unknown>>;

const usedMemoryBytes = 889_016_320;
/** Each GPU has 80 GB. */
const gpuMemoryBytes = "80000000000";
const usedDiskBytes = 16_171_757_568;

async function systemInfo({ world, caller, authorization }: Call): Promise<unknown> {
  requireAdmin(caller);
  const info = localInfo(world);
  if (!isSince(world, "0.67.0")) return { info };
  const peers = await Promise.all(
    healthyPeers(world).map(async (peer) => ({
      ...await infoOf(peer, authorization),
      backendId: peer.id,
    })),
  );
  return { info, peers };
}

function localInfo(world: World): HostInfo {
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
    containersRunning: running + world.services.coreServices.length,
    containersStopped: stopped,
    containersTotal: states.length + world.services.coreServices.length,
    hostname: world.hostname,
    uptimeSeconds: "0",
    networkCidr: `${world.network}.0.1/24`,
  };
  const collector = coreAddress(world, "otelcollector");
  // What came with which version between these two is not known in detail.
  if (!isSince(world, "0.67.0")) return old;
  return {
    ...old,
    cpuLoad1min: 0.18,
    cpuLoad5min: 0.34,
    cpuLoad15min: 0.52,
    gpus: world.gpuModels.map((modelName) => ({
      vendor: "NVIDIA",
      model: modelName,
      modelName,
      pciAddress: "0000:01:00.0",
      driverVersion: "550.54",
      cudaVersion: "12.4",
      vramBytes: gpuMemoryBytes,
    })),
    backendId: "",
    otelCollectorEndpoint: collector === undefined ? "" : `http://${collector}:4318`,
    daemonVersion: world.version,
    sshIngressHost: world.sshHost,
    storage: storageOf(world),
  };
}

async function infoOf(peer: Peer, authorization: string): Promise<HostInfo> {
  const { text } = await peer.request("GET", "/v1/system/info", authorization);
  const { info }: { info: HostInfo } = JSON.parse(text);
  return info;
}

async function listBackends({ world, caller, authorization }: Call): Promise<unknown> {
  requireAdmin(caller);
  const { cluster } = world;
  if (cluster === undefined) return { backends: [] };
  const peers = cluster.peers.map((peer) => peerBackend(peer, authorization));
  return { backends: [localBackend(world, cluster.backendId), ...await Promise.all(peers)] };
}

/** The handler of a peer's system information: it takes all below, which the gateway then does not know. */
export const peerInfo: GuardedHandler = {
  takes: (path) => path.startsWith("/v1/backends/"),
  answer: answerPeerInfo,
};

/** Its errors are not valid JSON. */
async function answerPeerInfo(
  { headers, method }: IncomingRequest,
  path: string,
  caller: Caller,
  world: World,
): Promise<Reply> {
  const [, , , id = "", word] = path.split("/");
  if (!caller.admin) return plainReply(403, '{"error":"admin role required","code":403}');
  if (word !== "system-info") return plainReply(404, "404 page not found");
  if (method !== "GET") return plainReply(405, '{"error":"method not allowed"}');
  const peer = world.cluster?.peers.find((one) => one.id === id);
  if (peer === undefined) return plainReply(404, `{"error":"backend "${id}" not found"}`);
  if (!peer.healthy) return plainReply(503, `{"error":"backend "${id}" is not healthy"}`);
  const answer = await peer.request("GET", "/v1/system/info", headers["authorization"] ?? "");
  return {
    status: answer.status,
    headers: { "Content-Type": "application/json" },
    body: answer.text,
  };
}

async function peerBackend(peer: Peer, authorization: string): Promise<Record<string, unknown>> {
  const unknown = {
    ...{ id: peer.id, type: "tunnel", healthy: peer.healthy, version: "", hostname: "" },
    ...{ uptimeSeconds: "0", lastSeenAt: "", os: "", containerCount: 0, gpus: [] },
    ...{ headroom: null, capabilityProfile: null, hostLoad: null, storage: null },
  };
  if (!peer.healthy) return unknown;
  const info = await infoOf(peer, authorization);
  return {
    ...unknown,
    version: info.daemonVersion,
    hostname: info.hostname,
    lastSeenAt: isoSeconds(Date.now()),
    os: info.os,
    containerCount: info.containersRunning,
    gpus: info.gpus,
    hostLoad: hostLoad(info),
    storage: info.storage,
  };
}

function hostLoad(info: HostInfo): Record<string, unknown> {
  const used = (total: unknown, available: unknown) => String(Number(total) - Number(available));
  return {
    cpuLoad1m: info.cpuLoad1min,
    cpuLoad5m: info.cpuLoad5min,
    cpuLoad15m: info.cpuLoad15min,
    cpuCores: info.totalCpus,
    memoryUsedBytes: used(info.totalMemoryBytes, info.availableMemoryBytes),
    memoryTotalBytes: info.totalMemoryBytes,
    diskUsedBytes: used(info.totalDiskBytes, info.availableDiskBytes),
    diskTotalBytes: info.totalDiskBytes,
    sampledAt: isoSeconds(Date.now()),
  };
}

function localBackend(world: World, id: string): Record<string, unknown> {
  const info = localInfo(world);
  return {
    id,
    type: "local",
    healthy: true,
    version: world.version,
    hostname: world.hostname,
    uptimeSeconds: String(Math.floor((Date.now() - world.startedAtMs) / 1000)),
    lastSeenAt: "",
    os: info.os,
    containerCount: info.containersRunning,
    gpus: world.gpuModels.map((modelName) => ({
      vendor: "NVIDIA",
      modelName,
      vramBytes: gpuMemoryBytes,
    })),
    headroom: world.area(Capacity).headroom,
    capabilityProfile: world.area(Capacity).profile,
    hostLoad: hostLoad(info),
    storage: storageOf(world),
  };
}
