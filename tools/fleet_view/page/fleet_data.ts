/** Containers and what they use, as the view shows them. @module */
import { parseCpu, parseSize } from "../../../client/containers/quantities.ts";
import { formatSeconds } from "../../text/format.ts";
import { type Fields, listOf, numberOf, textOf } from "./json_fields.ts";

/** CPU is measured over so long: the daemon counts whole seconds. */
const MIN_WINDOW_MS = 5_000;
const MAX_WINDOW_MS = 60_000;

/** A container. */
export interface ShownContainer {
  /** Owner. */
  readonly username: string;
  /** Host, where there are several. */
  readonly backend: string | undefined;
  /** State in a word. */
  readonly state: string;
  /** Address, while it has one. */
  readonly address: string | undefined;
  /** CPU limit in cores. */
  readonly cores: number | undefined;
  /** Memory limit, if it is no share of the host's. */
  readonly memoryLimit: number | undefined;
  /** Disk limit. */
  readonly diskLimit: number | undefined;
  /** All that is known, in the order in which it is shown. */
  readonly facts: readonly (readonly [string, string])[];
}

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

/** Identifies a container: two hosts may each have one of a user during a move. */
export function keyOf({ username, backend = "" }: ShownContainer): string {
  return `${username} ${backend}`;
}

/** Reads the containers in an answer of list_containers. */
export function readContainers(answer: Fields): readonly ShownContainer[] {
  return listOf(answer.containers).flatMap((from) => {
    const username = textOf(from.username);
    const state = textOf(from.state);
    if (username === undefined || state === undefined) return [];
    return [{
      username,
      state,
      backend: textOf(from.backend),
      address: textOf(from.ip_address),
      cores: parseCpu(textOf(from.cpu) ?? "")?.cpus,
      memoryLimit: parseSize(textOf(from.memory) ?? ""),
      diskLimit: parseSize(textOf(from.disk) ?? ""),
      facts: Object.entries(from).flatMap(([name, value]) => factOf(name, value)),
    }];
  });
}

/** A fact as it is shown: `ttl_expires_at` is "ttl expires at", `deletes_in_seconds: 90` "deletes in 1 min 30 s". */
function factOf(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (name === "username") return [];
  const ofSeconds = /^(\w+)_seconds$/.exec(name)?.[1];
  if (ofSeconds !== undefined && typeof value === "number") {
    return [[ofSeconds.replaceAll("_", " "), formatSeconds(value)]];
  }
  const text = typeof value === "object" && value !== null
    ? Object.entries(value).map(([key, each]) => `${key}=${each}`).join(", ")
    : String(value);
  return [[name.replaceAll("_", " "), text]];
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
