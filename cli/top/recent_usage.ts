import type { Container, ContainerMetrics } from "../../client/mod.ts";
import { parseSize } from "../../client/internal.ts";
import { isRunning, rateOf } from "../../tools/containers/rates.ts";
import { memoryLimitBytes } from "../../tools/containers/usage.ts";

/** What a container uses now, and used lately. */
export interface UsageRow {
  /** Owner, or the name of one of the daemon's own. */
  readonly username: string;
  /** Whether it runs. */
  readonly isRunning: boolean;
  /** Percent of one core, each time it was read; the newest last. */
  readonly cpu: readonly number[];
  /** Memory in use. */
  readonly memoryBytes: number;
  /** Percent of the limit, if one is known. */
  readonly memoryPercent?: number | undefined;
  /** Disk in use. */
  readonly diskBytes: number;
  /** Percent of the limit, if one is known. */
  readonly diskPercent?: number | undefined;
  /** Received and sent in a second, each time it was read; the newest last. */
  readonly network: readonly number[];
}

/** One reading of all. */
interface Reading {
  readonly at: number;
  readonly metrics: readonly ContainerMetrics[];
}

/** The daemon counts whole seconds of CPU, so rates go over so many milliseconds. */
const WINDOW_MS = 10_000;
const MAX_POINTS = 12;

/** Readings of what containers use, and the rates between them. */
export class RecentUsage {
  #readings: readonly Reading[] = [];
  readonly #cpu = new Map<string, readonly number[]>();
  readonly #network = new Map<string, readonly number[]>();

  /** Takes a reading; returns a row for each container. */
  take(
    metrics: readonly ContainerMetrics[],
    containers: readonly Container[],
    at: number,
  ): readonly UsageRow[] {
    const recent = this.#readings.filter((reading) => reading.at > at - WINDOW_MS);
    const [oldest] = recent.length > 0 ? recent : this.#readings.slice(-1);
    this.#readings = [...recent, { at, metrics }];
    const names = new Set(metrics.map(({ name }) => name));
    for (const points of [this.#cpu, this.#network]) {
      for (const name of points.keys()) if (!names.has(name)) points.delete(name);
    }
    return metrics.map((now) => {
      if (oldest !== undefined) this.#addRates(now, oldest, (at - oldest.at) / 1_000);
      const container = containers.find(({ name }) => name === now.name);
      const limit = container && memoryLimitBytes(container, undefined);
      return {
        username: now.username ?? now.name,
        isRunning: isRunning(now),
        cpu: this.#cpu.get(now.name) ?? [],
        memoryBytes: now.memoryBytes,
        memoryPercent: percent(now.memoryBytes, limit),
        diskBytes: now.diskBytes,
        diskPercent: percent(now.diskBytes, parseSize(container?.disk ?? "")),
        network: this.#network.get(now.name) ?? [],
      };
    });
  }

  #addRates(now: ContainerMetrics, { metrics }: Reading, seconds: number): void {
    const rate = rateOf(now, metrics, Math.max(seconds, 0.001), undefined);
    const { cpu_percent: cpu = 0, network_rx_bytes_per_second: received = 0 } = rate;
    const sent = rate.network_tx_bytes_per_second ?? 0;
    append(this.#cpu, now.name, cpu);
    append(this.#network, now.name, received + sent);
  }
}

function append(points: Map<string, readonly number[]>, name: string, point: number): void {
  points.set(name, [...points.get(name) ?? [], point].slice(-MAX_POINTS));
}

function percent(used: number, limit: number | undefined): number | undefined {
  return limit === undefined || limit === 0 ? undefined : 100 * used / limit;
}
