import type { Container } from "../containers/container.ts";
import { parseCpu, parseShare, parseSize } from "../containers/quantities.ts";
import { type Gpu, readGpu } from "./gpu.ts";
import type { Host, SystemInfo } from "./system.ts";
import {
  type JsonObject,
  readFlag,
  readList,
  readNumber,
  readObject,
  readOptionalObject,
  readText,
  readTime,
} from "../wire.ts";

/** Capacity of a host: CPUs, or bytes of memory or disk. */
export interface Capacity {
  /** Total amount. */
  readonly total: number;
  /** Amount in use, as the host measures it. For CPUs, the 1-minute load. */
  readonly used: number;
  /** Sum of the limits of its containers, running or not. Often more than `total`. */
  readonly promised: number;
}

/** A host of containers. The daemon did not report what is absent. */
export interface Backend {
  /** Its id, for `backend` of a creation and for moves. The only host's is its hostname. */
  readonly id: string;
  /**
   * - `only`: the host of a daemon without peers; a creation must not name it
   * - `local`: the host of the daemon that answers
   * - `peer`: a host that this daemon forwards to
   */
  readonly kind: "only" | "local" | "peer";
  /** Whether containers can be created on it; an unhealthy peer's containers are not listed. */
  readonly healthy: boolean;
  /** The version of its daemon. */
  readonly version?: string | undefined;
  /** The host's name. */
  readonly hostname?: string | undefined;
  /** The operating system. */
  readonly os?: string | undefined;
  /** When a peer last responded. */
  readonly lastSeenAt?: Date | undefined;
  /** The storage driver: `dir`, `zfs`. */
  readonly storageDriver?: string | undefined;
  /** Pool name, inferred from its containers; absent for an empty host and for the local one. */
  readonly pool?: string | undefined;
  /** Its GPUs. */
  readonly gpus: readonly Gpu[];
  /** Number of its containers that this token can see. */
  readonly containers: number;
  /** Number of those that run. */
  readonly running: number;
  /** Load over 1, 5 and 15 minutes. */
  readonly load?: readonly [number, number, number] | undefined;
  /** Logical CPUs. */
  readonly cpu?: Capacity | undefined;
  /** Memory, in bytes. */
  readonly memory?: Capacity | undefined;
  /** Disk of the storage pool, in bytes. */
  readonly disk?: Capacity | undefined;
}

/** Returns the amount that is neither in use nor promised; negative if overcommitted. */
export function headroomOf({ total, used, promised }: Capacity): number {
  return total - Math.max(used, promised);
}

/** Merges the daemon's three responses about its hosts. */
export function mergeBackends(
  listed: readonly unknown[],
  info: SystemInfo,
  containers: readonly Container[],
): readonly Backend[] {
  if (listed.length === 0 && info.peers.length === 0) {
    return [withContainers(ofOnlyHost(info.host), info.host, containers)];
  }
  const rows = listed.length > 0
    ? listed.map(readRow)
    : [ofLocalHost(info.host), ...info.peers.map(ofPeer)];
  const peerIds: readonly string[] = rows.filter(({ kind }) => kind === "peer").map(({ id }) => id);
  return rows.map((row) => {
    const host = row.kind === "peer"
      ? info.peers.find(({ backendId }) => backendId === row.id)
      : info.host;
    const own = containers.filter(({ backendId = "" }) =>
      row.kind === "peer" ? backendId === row.id : !peerIds.includes(backendId)
    );
    return withContainers(row, host, own);
  });
}

/** A host before its containers are counted. */
export type BackendRow =
  & Omit<Backend, "containers" | "running" | "cpu" | "memory" | "disk" | "pool">
  & Partial<Measured>;

interface Measured {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly memoryUsedBytes: number;
  readonly diskBytes: number;
  readonly diskUsedBytes: number;
}

/** Reads one host of `GET /v1/backends`. */
export function readRow(value: unknown): BackendRow {
  const wire = readObject(value, "backend");
  const load = readOptionalObject(wire.hostLoad, "hostLoad");
  return {
    id: readText(wire.id) ?? "",
    kind: wire.type === "local" ? "local" : "peer",
    healthy: readFlag(wire.healthy),
    gpus: readList(wire.gpus, "gpus").map(readGpu),
    version: readText(wire.version),
    hostname: readText(wire.hostname),
    os: readText(wire.os),
    lastSeenAt: readTime(wire.lastSeenAt),
    storageDriver: readText(readOptionalObject(wire.storage, "storage")?.driverName),
    ...(load && readLoad(load)),
  };
}

function readLoad(load: JsonObject): Partial<BackendRow> {
  return {
    load: [readNumber(load.cpuLoad1m), readNumber(load.cpuLoad5m), readNumber(load.cpuLoad15m)],
    cpus: readNumber(load.cpuCores),
    memoryBytes: readNumber(load.memoryTotalBytes),
    memoryUsedBytes: readNumber(load.memoryUsedBytes),
    diskBytes: readNumber(load.diskTotalBytes),
    diskUsedBytes: readNumber(load.diskUsedBytes),
  };
}

function ofOnlyHost(host: Host): BackendRow {
  return { ...ofHost(host), id: host.hostname ?? "local", kind: "only" };
}

function ofLocalHost(host: Host): BackendRow {
  return { ...ofHost(host), id: host.backendId ?? host.hostname ?? "local", kind: "local" };
}

function ofPeer(host: Host): BackendRow {
  return { ...ofHost(host), id: host.backendId ?? host.hostname ?? "", kind: "peer" };
}

function ofHost(host: Host): Omit<BackendRow, "id" | "kind"> {
  const { daemonVersion: version, hostname, os, storageDriver, gpus, load } = host;
  return {
    healthy: true,
    gpus,
    load,
    ...measured(host),
    version,
    hostname,
    os,
    storageDriver,
  };
}

function measured(host: Host): Measured {
  return {
    cpus: host.cpus,
    memoryBytes: host.memoryBytes,
    memoryUsedBytes: host.memoryBytes - host.memoryAvailableBytes,
    diskBytes: host.diskBytes,
    diskUsedBytes: host.diskBytes - host.diskAvailableBytes,
  };
}

/** Fills gaps of the list of backends from the system information. */
function withContainers(
  row: BackendRow,
  host: Host | undefined,
  containers: readonly Container[],
): Backend {
  const { cpus, memoryBytes, memoryUsedBytes, diskBytes, diskUsedBytes, ...said } = {
    ...(host && { ...measured(host), load: host.load }),
    ...row,
    gpus: row.gpus.length > 0 ? row.gpus : host?.gpus ?? [],
  };
  const memory = sumOf(
    containers,
    ({ memory = "" }) => parseSize(memory) ?? (parseShare(memory) ?? 0) / 100 * (memoryBytes ?? 0),
  );
  return {
    ...said,
    containers: containers.length,
    running: containers.filter(({ state }) => state === "running").length,
    version: said.version ?? host?.daemonVersion,
    pool: containers.find(({ pool }) => pool !== undefined)?.pool,
    cpu: capacity(
      cpus,
      said.load?.[0],
      sumOf(containers, ({ cpu = "" }) => parseCpu(cpu)?.cpus ?? 0),
    ),
    memory: capacity(memoryBytes, memoryUsedBytes, memory),
    disk: capacity(
      diskBytes,
      diskUsedBytes,
      sumOf(containers, ({ disk = "" }) => parseSize(disk) ?? 0),
    ),
  };
}

/** A total of 0 means "not set" in protojson. */
function capacity(
  total: number | undefined,
  used: number | undefined,
  promised: number,
): Capacity | undefined {
  return total === undefined || total === 0 ? undefined : { total, used: used ?? 0, promised };
}

function sumOf(
  containers: readonly Container[],
  share: (container: Container) => number,
): number {
  return containers.reduce((sum, container) => sum + share(container), 0);
}
