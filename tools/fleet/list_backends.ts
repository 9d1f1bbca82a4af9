import { z } from "zod";
import type { Backend, Capacity } from "../../client/mod.ts";
import { formatTime, headroomOf, visible } from "../../client/internal.ts";
import { gpuAnswers, gpuList, renderGpus } from "../host/gpus.ts";
import { formatBytes, formatTable } from "../text/format.ts";
import { shown, time } from "../schemas.ts";
import { defineTool } from "../tool.ts";

const capacity = z.strictObject({
  total: z.number().describe("Total: CPUs or bytes"),
  used: z.number().describe("Measured use; for CPUs, the load over 1 minute"),
  promised: z.number().describe("Sum of its containers' limits, running or not"),
  headroom: z.number().describe("Neither in use nor promised; below 0: overcommitted"),
});

const backend = z.strictObject({
  backend: z.string().describe("Its name, to pass as backend"),
  kind: z.enum(["only", "local", "peer"])
    .describe(
      "only: there are no others; local: the host this server talks to; peer: reached through it",
    ),
  healthy: z.boolean().describe(
    "False: nothing can be created there, its containers are not listed",
  ),
  hostname: z.string().optional().describe("Name of the host"),
  pool: z.string().optional().describe(
    "Its pool, inferred from its containers; unknown while it has none",
  ),
  daemon_version: z.string().optional().describe("Version of Containarium"),
  os: z.string().optional().describe("Operating system"),
  storage_driver: z.string().optional().describe("Storage driver, e.g. zfs"),
  last_seen_at: time.optional().describe("When the peer was last seen, UTC"),
  containers: z.number().describe("Containers on it"),
  containers_running: z.number().describe("Running containers"),
  load: z.array(z.number()).optional().describe("Load over 1, 5 and 15 minutes"),
  cpus: capacity.optional().describe("CPUs"),
  memory_bytes: capacity.optional().describe("Memory"),
  disk_bytes: capacity.optional().describe("Disk of the storage pool"),
  gpus: gpuList,
});

type BackendAnswer = z.infer<typeof backend>;
type CapacityAnswer = z.infer<typeof capacity>;

/** Lists the hosts; `GET /v1/backends`, `GET /v1/system/info` and `GET /v1/containers`. */
export const listBackends = defineTool({
  name: "list_backends",
  title: "List backends",
  description: "List the hosts (backends) that hold containers: health, version, load, free " +
    "room, GPUs and their memory.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  role: "admin",
  input: z.strictObject({}),
  output: z.strictObject({
    backends: z.array(backend).describe("The local host comes first"),
  }),

  run: async (_args, { client, signal }) => ({
    backends: (await client.backends.list({ signal })).map(answerOf),
  }),

  render: ({ backends }) => {
    const table = formatTable(columns, backends.map(row));
    return backends.some(({ cpus }) => cpus !== undefined)
      ? `${table}\nfree: neither in use nor promised to containers, of the total`
      : table;
  },
});

function answerOf(from: Backend): BackendAnswer {
  return {
    backend: visible(from.id),
    kind: from.kind,
    healthy: from.healthy,
    hostname: shown(from.hostname),
    pool: shown(from.pool),
    daemon_version: shown(from.version),
    os: shown(from.os),
    storage_driver: shown(from.storageDriver),
    last_seen_at: formatTime(from.lastSeenAt),
    containers: from.containers,
    containers_running: from.running,
    load: from.load === undefined ? undefined : [...from.load],
    cpus: capacityOf(from.cpu),
    memory_bytes: capacityOf(from.memory),
    disk_bytes: capacityOf(from.disk),
    gpus: gpuAnswers(from.gpus),
  };
}

function capacityOf(from: Capacity | undefined): CapacityAnswer | undefined {
  return from === undefined ? undefined : { ...from, headroom: rounded(headroomOf(from)) };
}

/** Rounds a difference, which has many digits for a load such as 0.21. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

const columns = [
  "backend",
  "kind",
  "healthy",
  "pool",
  "version",
  "containers",
  "load",
  "cpus free",
  "memory free",
  "disk free",
  "gpus",
] as const;

function row(from: BackendAnswer): readonly string[] {
  return [
    from.backend,
    from.kind,
    from.healthy ? "yes" : "NO",
    from.pool ?? "",
    from.daemon_version ?? "",
    from.healthy ? `${from.containers} (${from.containers_running} running)` : "",
    from.load?.join(" ") ?? "",
    free(from.cpus, String),
    free(from.memory_bytes, formatBytes),
    free(from.disk_bytes, formatBytes),
    renderGpus(from.gpus) ?? "",
  ];
}

function free(from: CapacityAnswer | undefined, format: (value: number) => string): string {
  if (from === undefined) return "";
  const { total, used, promised, headroom } = from;
  if (headroom >= 0) return `${format(headroom)} of ${format(total)}`;
  return promised >= used
    ? `none: ${format(promised)} promised of ${format(total)}`
    : `none: ${format(used)} in use of ${format(total)}`;
}
