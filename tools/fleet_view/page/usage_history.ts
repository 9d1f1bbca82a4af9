/** What containers use, as the view shows it. @module */
import { type Fields, listOf, numberOf, textOf } from "./json_fields.ts";

/** CPU is measured over so long: the daemon counts whole seconds. */
const MIN_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;

/** What a container uses. */
export interface ShownUsage {
  /** CPU in percent of one core, once it was measured. */
  readonly cpuPercent: number | undefined;
  /** Memory in use. */
  readonly memoryBytes: number;
  /** Memory limit, if it is known. */
  readonly memoryLimit: number | undefined;
  /** Disk in use. */
  readonly diskBytes: number;
}

/** Whether an answer is one of get_metrics. */
export function isMetrics(answer: Fields): boolean {
  return listOf(answer.containers).some((each) => "cpu_seconds" in each);
}

/** What containers use, with their CPU between two answers of get_metrics. */
export class UsageHistory {
  readonly #counters = new Map<string, readonly (readonly [number, number])[]>();
  readonly #usage = new Map<string, ShownUsage>();

  /** What the containers of a user use; absent before it is known. */
  of(username: string): ShownUsage | undefined {
    return this.#usage.get(username);
  }

  /** Takes an answer of get_metrics. */
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
    // A counter that fell was started anew.
    const counters = seconds < last ? [] : known.filter(([at]) => nowMs - at <= MAX_WINDOW_MS);
    this.#counters.set(username, [...counters, [nowMs, seconds]]);
    const [first] = counters;
    if (first === undefined || nowMs - first[0] < MIN_WINDOW_MS) return undefined;
    return 100_000 * (seconds - first[1]) / (nowMs - first[0]);
  }
}
