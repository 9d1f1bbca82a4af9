import {
  ContainariumError,
  type ContainerTerminal,
  type RunOptions,
  type RunResult,
} from "../../client/mod.ts";
import { decodeBytes } from "../text/decode_bytes.ts";
import type { LogEntry } from "./log_entry.ts";
import { Lines, splitLines } from "./output_lines.ts";
import { NewestEntries } from "./newest_entries.ts";
import type { LogReader, Reading, ReadOptions } from "./log_reader.ts";

/** A `sudo` that cannot resolve the container's own name takes about 20 s per call. */
const READ_MS = 60_000;
/** Well above 20,000 characters of messages with their JSON. */
const MAX_BYTES = 4 * 1_048_576;
/** A log that grows beyond these while it is followed is a flood, which ends the reading. */
const MAX_FOLLOWED_BYTES = 64 * 1_048_576;
const MAX_FOLLOWED_LINES = 200_000;
/** Maximum number of lines kept of standard error, and of characters of each. */
const MAX_COMPLAINTS = 10;
const MAX_COMPLAINT_CHARS = 300;

/** Ends the following of a log that grows too fast. */
class Flood extends Error {}

/**
 * Runs a reader in a container and parses its output.
 *
 * @throws {ContainariumError} As `terminal.run`, but `unavailable` if the response was lost: a
 * reading can be repeated
 */
export async function readLog(
  terminal: ContainerTerminal,
  reader: LogReader,
  { signal, followMs, onEntry }: ReadOptions,
): Promise<Reading> {
  const newest = new NewestEntries();
  if (followMs === undefined) {
    const result = await run(terminal, reader.script, {
      signal,
      timeoutMs: READ_MS,
      maxBytes: MAX_BYTES,
    });
    const lines = takeAll(result, reader, newest);
    return { newest, ...outcomeOf(result), lines, isFlood: false };
  }
  return await follow(terminal, reader, newest, { signal, followMs, onEntry });
}

async function follow(
  terminal: ContainerTerminal,
  reader: LogReader,
  newest: NewestEntries,
  { signal, followMs, onEntry }: ReadOptions & { readonly followMs: number },
): Promise<Reading> {
  const lines = new Lines();
  const before: LogEntry[] = [];
  const takeBefore = () => {
    for (const entry of before.splice(0)) newest.push(entry);
  };
  const take = (complete: readonly string[]) => {
    for (const line of complete) {
      const entry = reader.parse(line);
      if (entry === undefined || reader.isOwn?.(entry) === true) continue;
      if (reader.most !== undefined && isFromBefore(entry, reader)) {
        before.push(entry);
        if (before.length > reader.most) before.shift();
        continue;
      }
      takeBefore();
      const shown = newest.push(entry);
      if (!isFromBefore(entry, reader)) onEntry(shown);
    }
  };
  let bytes = 0;
  let count = 0;
  const onOutput = (piece: Uint8Array) => {
    const complete = lines.push(piece);
    bytes += piece.length;
    count += complete.length;
    take(complete);
    if (bytes > MAX_FOLLOWED_BYTES || count > MAX_FOLLOWED_LINES) throw new Flood();
  };
  try {
    const limits = { signal, timeoutMs: followMs, maxBytes: 65_536 };
    const result = await run(terminal, reader.script, { ...limits, onOutput });
    // When the time is over, the last line may be incomplete.
    if (!result.timedOut) take(lines.end());
    takeBefore();
    return { newest, ...outcomeOf(result), lines: [], isFlood: false };
  } catch (error) {
    if (!(error instanceof Flood)) throw error;
    takeBefore();
    return { newest, exitCode: 0, complaints: [], timedOut: true, lines: [], isFlood: true };
  }
}

async function run(
  terminal: ContainerTerminal,
  script: string,
  options: RunOptions,
): Promise<RunResult> {
  try {
    return await terminal.run(script, options);
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code !== "ambiguous") throw error;
    throw new ContainariumError(
      "unavailable",
      "the response was lost while the log was read; nothing was changed",
      { cause: error },
    );
  }
}

function isFromBefore({ time }: LogEntry, { startedAt }: LogReader): boolean {
  return time !== undefined && startedAt !== undefined && time < startedAt;
}

/** Parses a complete output. If it has a gap, only the entries on the newer side of it are kept. */
function takeAll(result: RunResult, reader: LogReader, newest: NewestEntries): readonly string[] {
  const { at, bytes } = result.omitted.stdout;
  const hasGap = bytes > 0;
  const isWhole = !result.timedOut;
  const head = splitLines(result.stdout.subarray(0, hasGap ? at : undefined), isWhole);
  const tail = hasGap ? splitLines(result.stdout.subarray(at), isWhole) : [];
  const lines = hasGap ? [...head.slice(0, -1), ...tail.slice(1)] : head;
  const entries: LogEntry[] = [];
  let beforeGap = 0;
  lines.forEach((line, index) => {
    const entry = reader.parse(line);
    if (entry === undefined) return;
    entries.push(entry);
    if (index < head.length - 1) beforeGap += 1;
  });
  const kept = !hasGap
    ? entries
    : reader.first === "newest"
    ? entries.slice(0, beforeGap)
    : entries.slice(beforeGap);
  // The one or two lines that the gap cuts count as one.
  newest.leaveOut(hasGap ? entries.length - kept.length + 1 : 0);
  const inOrder = reader.first === "newest" ? kept.toReversed() : kept;
  const found = inOrder.filter((entry) => reader.isOwn?.(entry) !== true);
  for (const entry of lastOf(found, reader)) newest.push(entry);
  return lines;
}

/** The last entries of a journal, or of each file that was read. */
function lastOf(entries: readonly LogEntry[], { first, most }: LogReader): readonly LogEntry[] {
  if (most === undefined) return entries;
  if (first === "newest") return entries.slice(-most);
  const counts = new Map<string | undefined, number>();
  return entries.toReversed().filter(({ identifier }) => {
    const count = (counts.get(identifier) ?? 0) + 1;
    counts.set(identifier, count);
    return count <= most;
  }).toReversed();
}

function outcomeOf(
  { exitCode, stderr, timedOut }: RunResult,
): Pick<Reading, "exitCode" | "complaints" | "timedOut"> {
  const complaints = decodeBytes(stderr).split("\n")
    .filter((line) => line.trim() !== "" && !/^sudo: unable to resolve host /.test(line))
    .slice(0, MAX_COMPLAINTS)
    .map((line) => start(line.trim()));
  return { exitCode, complaints, timedOut };
}

function start(line: string): string {
  return line.length <= MAX_COMPLAINT_CHARS ? line : `${line.slice(0, MAX_COMPLAINT_CHARS)}…`;
}
