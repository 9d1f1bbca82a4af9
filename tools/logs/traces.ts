/**
 * What reading a log leaves in logs: `sudo` writes down each of its runs, in the journal and in files such as
 * auth.log.
 *
 * @module
 */
import type { ContainerTerminal } from "../../client/mod.ts";

/** One `sudo` of this server. */
export interface Trace {
  /** Its process. */
  readonly pid: number;
  /** The container's time when it began. */
  readonly since: Date;
  /** The container's time when it had ended; undefined: it runs. */
  readonly until?: Date | undefined;
}

/**
 * A command and the start and end of its session, with what PAM notes of limits; the same for the `sudo`
 * that ends one that follows.
 */
const ENTRIES_OF_ONE = 12;
/** Older ones are not among the newest entries any more. */
const MAX_REMEMBERED = 50;
/** The container's clock is read to the second, and what ends is written down a little later. */
const SLACK_MS = 2_000;

/** How many entries traces come to, with one more than there are. */
export function entriesOf(traces: readonly Trace[]): number {
  return ENTRIES_OF_ONE * (traces.length + 1);
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

/**
 * Marks the command lines of this server's `sudo`, near their start: sudo splits long ones. A file has only
 * these to recognize them by. It can be the name of a journal's field, and nobody can guess it.
 */
export const sudoMark = `CX_${crypto.getRandomValues(new Uint8Array(8)).toHex().toUpperCase()}`;

/** Prints the container's time, whose fraction not every `date` knows, and the shell's process. */
export const printStamp = 'echo "@$(date +%s.%N 2>/dev/null) $$"';

/** Parses what `printStamp` printed. */
export function parseStamp(line: string): Trace | undefined {
  const [, seconds, pid] = /^@(\d{1,11}(?:\.\d{1,9})?)(?:[^\s\d]\S*)? (\d{1,11})$/.exec(line) ?? [];
  return seconds === undefined
    ? undefined
    : { pid: Number(pid), since: new Date(Math.floor(Number(seconds) * 1_000)) };
}
