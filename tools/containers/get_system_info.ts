import { z } from "zod";
import type { CallOptions, ContainariumClient, CoreService, Host } from "../../client/mod.ts";
import { formatTime, together, visible } from "../../client/internal.ts";
import { formatBytes, formatFacts } from "../text/format.ts";
import { gpuAnswers, gpuList, renderGpus } from "../host/gpus.ts";
import { isUnenforced } from "../host/limits.ts";
import { unlessEmpty } from "../lean.ts";
import { shown, time } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { readOr } from "../read_or.ts";

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
  gpus: gpuList,
  metrics_collector: z.string().optional()
    .describe(
      "Where monitored containers send metrics; absent: no collector, so monitoring " +
        "has no effect",
    ),
  ssh_ingress_host: z.string().optional()
    .describe("Host through which SSH reaches containers; absent: they are reached directly"),
});

type HostAnswer = z.infer<typeof host>;

const coreService = z.strictObject({
  name: z.string().describe("Name of the instance"),
  state: z.string().describe("State in the host's words"),
  ip_address: z.string().optional().describe("IPv4 address, while it has one"),
});

const release = z.strictObject({
  newest: z.string().optional().describe("Version of the newest release; absent: see error"),
  behind: z.boolean().optional().describe("True: the daemon is older; absent: it is not"),
  published_at: time.optional().describe("When it was published, UTC"),
  url: z.string().optional().describe("Its page"),
  next: z.string().optional().describe("How the host's operator installs it"),
  error: z.string().optional().describe("Why it could not be looked up"),
});

/** Shows the host and its peers; `GET /v1/system/info`. */
export const getSystemInfo = defineTool({
  name: "get_system_info",
  title: "Get system info",
  description: "Show the host (server): how busy or full it is, versions, CPUs, load, memory, " +
    "disk, container counts, and its peers.",
  effect: "read",
  idempotent: true,
  scopes: [],
  role: "admin",
  input: z.strictObject({
    check_updates: z.boolean().default(false)
      .describe("Add whether there is a newer Containarium"),
  }),
  output: z.strictObject({
    now: time.describe("Time where this server runs, UTC"),
    host,
    peers: z.array(host).optional().describe("Other hosts that this one knows; absent: none"),
    core_services: z.array(coreService).optional()
      .describe("The daemon's own containers (metrics, scans …); absent: none, or unknown"),
    release: release.optional().describe("Answer to check_updates"),
  }),

  run: async ({ check_updates: checkUpdates }, { client, signal }) => {
    const [info, services, newest] = await together([
      client.system.info({ signal }),
      coreServices(client, { signal }),
      checkUpdates ? releaseAnswer(client, { signal }) : undefined,
    ]);
    return {
      now: formatTime(new Date()),
      host: hostAnswer(info.host),
      peers: unlessEmpty(info.peers.map(hostAnswer)),
      core_services: unlessEmpty(services.map((service) => ({
        name: visible(service.name),
        state: visible(service.state),
        ip_address: shown(service.ipAddress),
      }))),
      release: newest,
    };
  },

  render: ({ now, host, peers = [], core_services: services = [], release }) => {
    const own = services.map(({ name, state, ip_address: ip }) =>
      `${name} ${state}${ip === undefined ? "" : ` (${ip})`}`
    );
    const first = [
      `now: ${now}`,
      renderHost(host),
      ...(own.length === 0 ? [] : [`core services: ${own.join(", ")}`]),
      ...(release === undefined ? [] : [renderRelease(release)]),
    ];
    return [first.join("\n"), ...peers.map(renderHost)].join("\n\n");
  },
});

/** Released daemons answer 404 to an upgrade over REST. */
const howToUpgrade =
  "On the host, its operator downloads that release, then: sudo install -m 755 " +
  "containarium-linux-amd64 /usr/local/bin/containarium && sudo systemctl restart containarium";

/** Optional: an old daemon, or one that does not reach Incus, has no such list. */
async function coreServices(
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly CoreService[]> {
  return await readOr(() => client.system.coreServices(options), () => []);
}

async function releaseAnswer(
  client: ContainariumClient,
  options: CallOptions,
): Promise<z.infer<typeof release>> {
  return await readOr(async () => {
    const { version, isBehind, publishedAt, url } = await client.system.latestRelease(options);
    return {
      newest: visible(version),
      behind: unlessEmpty(isBehind),
      published_at: formatTime(publishedAt),
      url: shown(url),
      next: isBehind ? howToUpgrade : undefined,
    };
  }, ({ message }) => ({ error: visible(`The daemon could not look it up: ${message}`) }));
}

function renderRelease(from: z.infer<typeof release>): string {
  return formatFacts({
    "newest release": from.newest === undefined
      ? from.error
      : `${from.newest}, ${from.behind ? "newer than this daemon" : "not newer than this daemon"}`,
    published: from.published_at,
    page: from.url,
    next: from.next,
  });
}

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
    gpus: gpuAnswers(from.gpus),
    metrics_collector: shown(from.collectorUrl),
    ssh_ingress_host: shown(from.sshIngressHost),
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
    gpus: renderGpus(from.gpus),
    "metrics collector": from.metrics_collector,
    "ssh through": from.ssh_ingress_host,
  });
}

function free(availableBytes: number, totalBytes: number): string {
  return `${formatBytes(availableBytes)} free of ${formatBytes(totalBytes)}`;
}
