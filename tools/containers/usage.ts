import { z } from "zod";
import type { Container, ContainerMetrics, HostFacts } from "../../client/mod.ts";
import { parseShare, parseSize, visible } from "../../client/internal.ts";
import { formatBytes } from "../text/format.ts";
import { shown } from "../schemas.ts";

/** What a container uses, in a result. */
export const metrics = z.strictObject({
  name: z.string().optional().describe("Name of one of the daemon's own containers"),
  username: z.string().optional().describe("Owner; the container is <username>-container"),
  cpu_seconds: z.number().describe("CPU seconds used since it started"),
  memory_bytes: z.number().describe("Memory in use"),
  memory_limit_bytes: z.number().optional().describe("Memory limit; absent: unknown"),
  memory_percent: z.number().optional().describe("Memory in use, percent of the limit"),
  memory_peak_bytes: z.number().describe("Most memory used since it started"),
  disk_bytes: z.number().describe("Disk in use"),
  network_rx_bytes: z.number().describe("Received since it started"),
  network_tx_bytes: z.number().describe("Sent since it started"),
  process_count: z.number().describe("Running processes"),
});

/** What a container uses, in a result. */
export type MetricsAnswer = z.infer<typeof metrics>;

/**
 * Returns the client's metrics as a result has them.
 *
 * @param limitBytes Memory limit, if it is known
 */
export function metricsAnswer(from: ContainerMetrics, limitBytes?: number): MetricsAnswer {
  return {
    name: from.username === undefined ? visible(from.name) : undefined,
    username: shown(from.username),
    cpu_seconds: from.cpuSeconds,
    memory_bytes: from.memoryBytes,
    memory_limit_bytes: limitBytes,
    memory_percent: limitBytes === undefined
      ? undefined
      : toTenths(100 * from.memoryBytes / limitBytes),
    memory_peak_bytes: from.memoryPeakBytes,
    disk_bytes: from.diskBytes,
    network_rx_bytes: from.networkRxBytes,
    network_tx_bytes: from.networkTxBytes,
    process_count: from.processCount,
  };
}

/** Returns a container's memory limit in bytes. A share needs the memory of its host. */
export function memoryLimitBytes(
  { memory = "" }: Container,
  host: HostFacts | undefined,
): number | undefined {
  const size = parseSize(memory);
  if (size !== undefined) return size;
  const share = parseShare(memory);
  return share === undefined || host?.memoryBytes === undefined
    ? undefined
    : Math.round(share / 100 * host.memoryBytes);
}

/** Returns metrics for people, by column. */
export function metricsFacts(from: MetricsAnswer): Readonly<Record<string, string | undefined>> {
  const { memory_limit_bytes: limit, memory_percent: percent } = from;
  return {
    cpu_s: String(from.cpu_seconds),
    memory_used: formatBytes(from.memory_bytes),
    memory_share: limit === undefined ? undefined : `${percent} % of ${formatBytes(limit)}`,
    memory_peak: formatBytes(from.memory_peak_bytes),
    disk_used: formatBytes(from.disk_bytes),
    net_rx: formatBytes(from.network_rx_bytes),
    net_tx: formatBytes(from.network_tx_bytes),
    processes: String(from.process_count),
  };
}

/** Rounds a number to one decimal. */
export function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
