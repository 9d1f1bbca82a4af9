import { decodeBytes } from "../../text/decode_bytes.ts";
import type { Trace } from "../../log_traces.ts";
import { type LogEntry, priorities } from "../log_entry.ts";
import type { LogQuery } from "../log_query.ts";
import type { LogReader } from "../log_reader.ts";
import { quote } from "../../../client/internal.ts";
import { OwnLines } from "./own_lines.ts";
import { entriesOf, parseStamp, printStamp, sudoMark } from "./own_runs.ts";
import { journalTime } from "../when.ts";

const fields = ["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_PID", sudoMark];

/** A reader of the journal, which omits what `sudo` logs about this server. */
export interface JournalReader extends LogReader {
  /** Entries that this reading causes; known once a line was read. */
  readonly trace: Trace | undefined;
}

/**
 * A reader of the journal. The script replaces itself with `sudo`, so that the process ID that it
 * prints is the one in sudo's entries.
 *
 * @param rights `root` reads all entries, `user` only the user's own
 * @param earlier Entries that other readings caused
 */
export function journalReader(
  query: LogQuery,
  rights: "root" | "user",
  earlier: readonly Trace[] = [],
): JournalReader {
  const command = journalCommand({ ...query, lines: query.lines + entriesOf(earlier) });
  let trace: Trace | undefined;
  let isFirst = true;
  const own = new OwnLines(() => trace === undefined ? earlier : [...earlier, trace]);
  return {
    script: `${printStamp}\nexec ${rights === "root" ? "sudo -n " : ""}${command}`,
    first: query.isLive ? "oldest" : "newest",
    most: query.lines,
    get startedAt() {
      return trace?.since;
    },
    get trace() {
      return trace;
    },
    parse(line: string): LogEntry | undefined {
      const stamp = isFirst ? parseStamp(line) : undefined;
      isFirst = false;
      if (stamp === undefined) return parseJournalLine(line);
      trace = stamp;
      return undefined;
    },
    isOwn: (entry) => own.has(entry),
  };
}

/**
 * Returns the command line; each value is one single-quoted word after `=`. `-q` is not used: it would
 * hide that there is no journal.
 */
export function journalCommand(query: LogQuery): string {
  const { unit, since, until, grep, priority, lines, isLive } = query;
  const values: Readonly<Record<string, string | undefined>> = {
    unit,
    since: since && journalTime(since),
    until: until && journalTime(until),
    priority,
    grep,
  };
  const options = Object.entries(values)
    .flatMap(([name, value]) => value === undefined ? [] : [`--${name}=${quote(value)}`]);
  return [
    "journalctl --no-pager --all -o json",
    `--output-fields=${fields.join(",")}`,
    countOptions(lines, isLive, since !== undefined),
    ...options,
  ].join(" ");
}

/**
 * Without `--reverse`, `--since` with `-n` returns the oldest (systemd 252), and `--grep` with `-n`
 * reverses the order; while following, `--since` with `-n` delays each entry until the next one.
 */
function countOptions(lines: number, isLive: boolean, hasSince: boolean): string {
  if (!isLive) return `--reverse -n ${lines}`;
  return hasSince ? "--follow --no-tail" : `--follow -n ${lines}`;
}

/** Parses a line of `-o json`; `undefined` for journalctl's own remarks. */
export function parseJournalLine(line: string): LogEntry | undefined {
  if (line.trim() === "" || line.startsWith("-- ") || /^@\S* \d+$/.test(line)) return undefined;
  let from: unknown;
  try {
    from = JSON.parse(line);
  } catch {
    return { message: line };
  }
  if (typeof from !== "object" || from === null || Array.isArray(from)) return { message: line };
  const field = (name: string): unknown =>
    Object.hasOwn(from, name) ? Reflect.get(from, name) : null;
  const time = timeOf(field("__REALTIME_TIMESTAMP"));
  const unit = textOf(field("_SYSTEMD_UNIT"));
  const identifier = textOf(field("SYSLOG_IDENTIFIER"));
  const pid = Number(textOf(field("_PID")) || NaN);
  const priority = priorities[Number(textOf(field("PRIORITY")) || NaN)];
  return {
    time,
    unit: unit || undefined,
    identifier: identifier || undefined,
    priority,
    pid: Number.isSafeInteger(pid) ? pid : undefined,
    message: textOf(field("MESSAGE")),
  };
}

/** Parses microseconds, which have more digits than a number holds exactly. */
function timeOf(value: unknown): Date | undefined {
  const text = textOf(value);
  if (!/^\d{4,17}$/.test(text)) return undefined;
  const time = new Date(Number(text.slice(0, -3)));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** A field is text, bytes if it is not printable, or a list of these if it occurs more than once. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return "";
  return value.every(isByte) ? decodeBytes(Uint8Array.from(value)) : value.map(textOf).join("\n");
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
