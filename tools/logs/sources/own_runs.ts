/**
 * How this server's runs of `sudo` in a container are recognized in its logs.
 *
 * @module
 */
import type { Trace } from "../../log_traces.ts";
import type { LogQuery } from "../log_query.ts";

/**
 * Entries of one run: the command, the start and end of its session, and PAM's notes about limits; the same
 * for the `sudo` that ends a reading that follows.
 */
const ENTRIES_OF_ONE = 12;

/** Returns the number of entries that these runs and the next one may cause. */
export function entriesOf(traces: readonly Trace[]): number {
  return ENTRIES_OF_ONE * (traces.length + 1);
}

/** Adds as many lines as this server's own may be; while following, new lines are not counted anyway. */
export function withOwnLines(query: LogQuery, earlier: readonly Trace[]): LogQuery {
  return query.isLive ? query : { ...query, lines: query.lines + entriesOf(earlier) };
}

/**
 * Mark in the command lines of this server's `sudo`, near their start, since sudo splits long ones. In a file
 * it is the only way to recognize them. It is a valid name of a journal's field, and cannot be guessed.
 */
export const sudoMark = `CX_${crypto.getRandomValues(new Uint8Array(8)).toHex().toUpperCase()}`;

/** Shell text that prints the container's time (not every `date` knows fractions) and the process ID. */
export const printStamp = 'echo "@$(date +%s.%N 2>/dev/null) $$"';

/** Parses what `printStamp` printed. */
export function parseStamp(line: string): Trace | undefined {
  const [, seconds, pid] = /^@(\d{1,11}(?:\.\d{1,9})?)(?:[^\s\d]\S*)? (\d{1,11})$/.exec(line) ?? [];
  return seconds === undefined
    ? undefined
    : { pid: Number(pid), since: new Date(Math.floor(Number(seconds) * 1_000)) };
}
