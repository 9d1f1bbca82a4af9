/** Resource usage of containers, as the view shows it. @module */
import { type Fields, listOf, numberOf, textOf } from "./json_fields.ts";

/** How long CPU is measured: the daemon counts whole seconds. */
const MIN_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;

/** Usage of a container. */
export interface ShownUsage {
  /** CPU in percent of one core, once measured. */
  readonly cpuPercent: number | undefined;
  /** Memory in use. */
  readonly memoryBytes: number;
  /** Memory limit, if known. */
  readonly memoryLimit: number | undefined;
  /** Disk in use. */
  readonly diskBytes: number;
}

/** Returns whether a result is one of get_metrics. */
export function isMetrics(answer: Fields): boolean {
  return listOf(answer.containers).some((each) => "cpu_seconds" in each);
}

/** Usage of containers; CPU is measured between two results of get_metrics. */
export class UsageHistory {
  readonly #counters = new Map<string, readonly (readonly [number, number])[]>();
  readonly #usage = new Map<string, ShownUsage>();

  /** Returns the usage of a user's containers; `undefined` until it is known. */
  of(username: string): ShownUsage | undefined {
    return this.#usage.get(username);
  }

  /** Adds a result of get_metrics. */
  take(answer: Fields, nowMs: number): void {
    for (const from of listOf(answer.containers)) {
      const username = textOf(from.username);
      if (username === undefined) continue;
      this.#usage.set(username, {
        cpuPercent: this.#cpuPercent(username, numberOf(from.cpu_seconds) ?? 0, nowMs) ??
          numberOf(from.cpu_percent),
        memoryBytes: numberOf(from.memory_bytes) ?? 0,
        memoryLimit: numberOf(from.memory_limit_bytes),
        diskBytes: numberOf(from.disk_bytes) ?? 0,
      });
    }
  }

  #cpuPercent(username: string, seconds: number, nowMs: number): number | undefined {
    const known = this.#counters.get(username) ?? [];
    const [, last = 0] = known.at(-1) ?? [];
    // A counter that fell was reset.
    const counters = seconds < last ? [] : known.filter(([at]) => nowMs - at <= MAX_WINDOW_MS);
    this.#counters.set(username, [...counters, [nowMs, seconds]]);
    const [first] = counters;
    if (first === undefined || nowMs - first[0] < MIN_WINDOW_MS) return undefined;
    return 100_000 * (seconds - first[1]) / (nowMs - first[0]);
  }
}
