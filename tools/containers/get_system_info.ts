import { z } from "zod";
import type { Host } from "../../client/mod.ts";
import { formatTime } from "../../client/internal.ts";
import { formatBytes, formatFacts } from "../text/format.ts";
import { isUnenforced } from "../host/limits.ts";
import { unlessEmpty } from "../lean.ts";
import { shown, time } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { visible } from "../text/visible.ts";

const host = z.strictObject({
  hostname: z.string().optional().describe("Name of the host"),
  backend: z.string().optional().describe("Its name among several hosts"),
  daemon_version: z.string().optional().describe("Version of Containarium"),
  incus_version: z.string().optional().describe("Version of Incus"),
  os: z.string().optional().describe("Operating system"),
  kernel_version: z.string().optional().describe("Linux kernel"),
  cpus: z.number().describe("Logical CPUs"),
  load_1m: z.number().describe("Load over 1 minute"),
  load_5m: z.number().describe("Load over 5 minutes"),
  load_15m: z.number().describe("Load over 15 minutes"),
  memory_bytes: z.number().describe("Memory"),
  memory_available_bytes: z.number().describe("Memory that is free"),
  disk_bytes: z.number().describe("Disk of the storage pool"),
  disk_available_bytes: z.number().describe("Disk that is free"),
  containers_running: z.number().describe("Running containers, the daemon's own included"),
  containers_stopped: z.number().describe("Stopped containers"),
  containers_total: z.number().describe("All containers"),
  network_cidr: z.string().optional().describe("The containers' network"),
  storage_driver: z.string().optional().describe("Storage driver, e.g. zfs"),
  disk_limits_enforced: z.literal(false).optional()
    .describe("False: the driver sets no sizes; absent: it does, or is unknown"),
  gpus: z.array(z.string()).optional().describe("Names of the GPUs; absent: none"),
});

type HostAnswer = z.infer<typeof host>;

/** Shows the host and its peers; `GET /v1/system/info`. */
export const getSystemInfo = defineTool({
  name: "get_system_info",
  title: "Get system info",
  description: "Show the host (server): how busy or full it is, versions, CPUs, load, memory, " +
    "disk, container counts, and its peers. Needs the admin role.",
  effect: "read",
  idempotent: true,
  scopes: [],
  input: z.strictObject({}),
  output: z.strictObject({
    now: time.describe("Time where this server runs, UTC"),
    host,
    peers: z.array(host).optional().describe("Other hosts that this one knows; absent: none"),
  }),

  run: async (_args, { client, signal }) => {
    const info = await client.system.info({ signal });
    return {
      now: formatTime(new Date()),
      host: hostAnswer(info.host),
      peers: unlessEmpty(info.peers.map(hostAnswer)),
    };
  },

  render: ({ now, host, peers = [] }) =>
    [`now: ${now}\n${renderHost(host)}`, ...peers.map(renderHost)].join("\n\n"),
});

function hostAnswer(from: Host): HostAnswer {
  const [minute, fiveMinutes, fifteenMinutes] = from.load;
  return {
    hostname: shown(from.hostname),
    backend: shown(from.backendId),
    daemon_version: shown(from.daemonVersion),
    incus_version: shown(from.incusVersion),
    os: shown(from.os),
    kernel_version: shown(from.kernelVersion),
    cpus: from.cpus,
    load_1m: minute,
    load_5m: fiveMinutes,
    load_15m: fifteenMinutes,
    memory_bytes: from.memoryBytes,
    memory_available_bytes: from.memoryAvailableBytes,
    disk_bytes: from.diskBytes,
    disk_available_bytes: from.diskAvailableBytes,
    containers_running: from.containersRunning,
    containers_stopped: from.containersStopped,
    containers_total: from.containersTotal,
    network_cidr: shown(from.networkCidr),
    storage_driver: shown(from.storageDriver),
    disk_limits_enforced: isUnenforced(from) ? false : undefined,
    gpus: unlessEmpty(from.gpus.map(visible)),
  };
}

function renderHost(from: HostAnswer): string {
  return formatFacts({
    host: from.hostname,
    backend: from.backend,
    containarium: from.daemon_version,
    incus: from.incus_version,
    os: from.os === undefined
      ? undefined
      : `${from.os}, kernel ${from.kernel_version ?? "unknown"}`,
    cpus: `${from.cpus}, load ${from.load_1m} ${from.load_5m} ${from.load_15m}`,
    memory: free(from.memory_available_bytes, from.memory_bytes),
    disk: free(from.disk_available_bytes, from.disk_bytes),
    containers: `${from.containers_running} running, ${from.containers_stopped} stopped, ` +
      `${from.containers_total} in all`,
    network: from.network_cidr,
    storage: from.disk_limits_enforced === false
      ? `${from.storage_driver} (disk limits of containers are not enforced)`
      : from.storage_driver,
    gpus: from.gpus?.join(", "),
  });
}

function free(availableBytes: number, totalBytes: number): string {
  return `${formatBytes(availableBytes)} free of ${formatBytes(totalBytes)}`;
}
