/**
 * What reading a log leaves in it: `sudo` writes down each of its runs.
 *
 * @module
 */
import type { ContainerTerminal } from "../../client/mod.ts";
import type { LogEntry } from "./log_entry.ts";

/** Entries of one `sudo` of this server. */
export interface Trace {
  /** Its process. */
  readonly pid: number;
  /** The container's time when it began. */
  readonly since: Date;
  /** The container's time when it had ended; undefined: it runs. */
  readonly until?: Date | undefined;
}

/** A call, a session's begin and its end. */
const ENTRIES_OF_ONE = 3;
/** Older ones are not among the newest entries any more. */
const MAX_REMEMBERED = 100;
/** The container's clock is read to the second, and what ends is written down a little later. */
const SLACK_MS = 2_000;

/** How many entries traces come to, with one more than there are. */
export function entriesOf(traces: readonly Trace[]): number {
  return ENTRIES_OF_ONE * (traces.length + 1);
}

/** Whether an entry is one of a trace. */
export function isTrace({ identifier, pid, time }: LogEntry, traces: readonly Trace[]): boolean {
  return identifier === "sudo" && pid !== undefined && time !== undefined &&
    traces.some((trace) =>
      trace.pid === pid && time >= trace.since &&
      (trace.until === undefined || time <= trace.until)
    );
}

const remembered = new WeakMap<ContainerTerminal, Trace[]>();

/** Those that readings through a terminal left so far. */
export function tracesOf(terminal: ContainerTerminal): readonly Trace[] {
  return remembered.get(terminal) ?? [];
}

/** Remembers one that has ended, after so many milliseconds. */
export function remember(terminal: ContainerTerminal, trace: Trace, durationMs: number): void {
  const all = remembered.get(terminal) ?? [];
  remembered.set(terminal, all);
  all.push({ ...trace, until: new Date(trace.since.getTime() + durationMs + SLACK_MS) });
  if (all.length > MAX_REMEMBERED) all.shift();
}
