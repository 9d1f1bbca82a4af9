/**
 * What a reader of a log is, and what reading one returns.
 *
 * @module
 */
import { ContainariumError } from "../../client/mod.ts";
import type { ContainerTraces } from "../log_traces.ts";
import type { LogEntry, ShownEntry } from "./log_entry.ts";
import type { NewestEntries } from "./newest_entries.ts";

/** How a log is read in a container: a script, and how to parse its lines. */
export interface LogReader {
  /** Shell script. */
  readonly script: string;
  /** Which entries it prints first. */
  readonly first: "oldest" | "newest";
  /** Maximum number of existing entries to return, where the script may print more. */
  readonly most?: number | undefined;
  /** When it started, by the container's clock in seconds; `undefined` if that is not known. */
  readonly startedAt?: Date | undefined;
  /** Parses the next line; `undefined` if it is not an entry. */
  parse(line: string): LogEntry | undefined;
  /** Returns whether reading logs wrote the next entry, oldest first. */
  isOwn?(entry: LogEntry): boolean;
}

/** A reader that follows a log: entries older than its start existed before. */
export function liveReader(
  script: string,
  parse: (line: string) => LogEntry | undefined,
): LogReader {
  let startedAt: Date | undefined;
  let isFirst = true;
  return {
    script: `date +@%s 2>/dev/null\n${script}`,
    first: "oldest",
    get startedAt() {
      return startedAt;
    },
    parse(line: string): LogEntry | undefined {
      const [, seconds] = isFirst ? /^@(\d{1,11})$/.exec(line) ?? [] : [];
      isFirst = false;
      if (seconds === undefined) return parse(line);
      startedAt = new Date(Number(seconds) * 1_000);
      return undefined;
    },
  };
}

/** How a log is read. */
export interface ReadOptions {
  /** Aborts the reading. */
  readonly signal: AbortSignal;
  /** How many milliseconds to follow the log; `undefined`: only existing entries are read. */
  readonly followMs: number | undefined;
  /** Receives each new entry while following. */
  readonly onEntry: (entry: ShownEntry) => void;
}

/** How a log is read that `sudo` writes to. */
export interface TracedReadOptions extends ReadOptions {
  /** What readings of this container's logs left in them. */
  readonly traces: ContainerTraces;
}

/** Result of running a reader. */
export interface Reading {
  /** Entries. */
  readonly newest: NewestEntries;
  /** Exit code of the script. */
  readonly exitCode: number;
  /** First lines on standard error: text from the container. */
  readonly complaints: readonly string[];
  /** Lines of standard output; empty while following. */
  readonly lines: readonly string[];
  /** Whether it was ended because its time was over. */
  readonly timedOut: boolean;
  /** Whether it was ended because the log grew too fast. */
  readonly isFlood: boolean;
}

/** Places that entries can come from. */
export const logSources = ["journal", "log_files", "file", "podman"] as const;

/** Result of reading one source. */
export interface LogResult {
  /** What was read. */
  readonly reading: Reading;
  /** Where the entries come from. */
  readonly source: typeof logSources[number];
  /** Real path of the file that was read. */
  readonly path?: string | undefined;
  /** What may be missing, and why. */
  readonly partial?: string | undefined;
}

/**
 * Rejects an argument.
 *
 * @param containerText What a program in the container printed about it
 * @throws {ContainariumError} `invalid_argument`
 */
export function rejectArgument(message: string, containerText?: string): never {
  throw new ContainariumError("invalid_argument", message, {
    containerText: containerText || undefined,
  });
}

/** Returns the error for a reading that failed in an unforeseen way. */
export function readingError(
  what: string,
  { exitCode, complaints, timedOut }: Reading,
): ContainariumError {
  if (timedOut) return new ContainariumError("timeout", `${what}: nothing could be read in time`);
  const containerText = complaints.join("\n") || undefined;
  const why = containerText === undefined ? ", and did not say why" : "";
  return new ContainariumError("failed_precondition", `${what} failed (exit ${exitCode})${why}`, {
    containerText,
  });
}
