import type { LogEntry } from "../log_entry.ts";
import { assertFiltered, grepFilter } from "./grep_filter.ts";
import {
  liveReader,
  type LogReader,
  type LogResult,
  type Reading,
  readingError,
  type ReadOptions,
  rejectArgument,
} from "../log_reader.ts";
import { type LogQuery, podmanName } from "../log_query.ts";
import { quote } from "../../../client/internal.ts";
import { podmanTime } from "../when.ts";
import { ContainariumError, type ContainerTerminal } from "../../../client/mod.ts";
import { readLog } from "../run_reader.ts";

/** Exit code if podman is not installed. */
export const NO_PODMAN = 71;
/** Exit code if podman refuses: the reason is on standard error, the names of its containers on standard output. */
export const NO_CONTAINER = 72;

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (.*)$/s;

/** A reader of a Podman container's log, both of its outputs. */
export function podmanReader(query: LogQuery, name: string): LogReader {
  const { since, until, grep, lines, isLive } = query;
  const { setup, pipe } = grepFilter(grep, isLive);
  // Podman counts `--tail` before it looks at `--until`.
  const isCounted = isLive || (pipe === "" && until === undefined);
  const times = [
    ...(since === undefined ? [] : [`--since=${quote(podmanTime(since) ?? "")}`]),
    ...(until === undefined ? [] : [`--until=${quote(podmanTime(until) ?? "")}`]),
  ];
  const options = [
    // The pattern must not match podman's own timestamps.
    ...(grep === undefined ? ["--timestamps"] : []),
    ...(isCounted ? [`--tail=${lines}`] : []),
    ...(isLive ? ["--follow"] : []),
    ...times,
  ];
  // The end of following, and no match, are not failures.
  const end = !isCounted ? `|tail -n ${lines}` : pipe === "" ? "" : "||[ $? -eq 1 ]";
  const script = [
    "export LC_ALL=C",
    `command -v podman >/dev/null||exit ${NO_PODMAN}`,
    setup,
    `podman logs --tail=0 ${times.join(" ")} ${quote(name)} >/dev/null||{`,
    `podman ps -a --format '{{.Names}}' 2>/dev/null`,
    `exit ${NO_CONTAINER}`,
    "}",
    `podman logs ${options.join(" ")} ${quote(name)} 2>&1${pipe}${end}`,
  ].join("\n");
  return isLive
    ? liveReader(script, parsePodmanLine)
    : { script, first: "oldest", parse: parsePodmanLine };
}

/** Parses a line that starts with its time. */
export function parsePodmanLine(line: string): LogEntry {
  const [, stamp = "", message = ""] = stamped.exec(line) ?? [];
  const time = new Date(stamp);
  return Number.isNaN(time.getTime()) ? { message: line } : { time, message };
}

/** Maximum number of names in an error. */
const MAX_NAMES = 20;

/**
 * Reads the log of one of the user's Podman containers.
 *
 * @throws {ContainariumError} `invalid_argument` or `failed_precondition` if it cannot be read
 */
export async function readPodman(
  terminal: ContainerTerminal,
  query: LogQuery,
  name: string,
  options: ReadOptions,
): Promise<LogResult> {
  const reading = await readLog(terminal, podmanReader(query, name), options);
  const { exitCode, timedOut } = reading;
  if (exitCode === NO_PODMAN) {
    throw new ContainariumError("failed_precondition", "podman is not installed there");
  }
  if (exitCode === NO_CONTAINER) rejectName(name, reading);
  assertFiltered(reading, query.grep);
  if (exitCode !== 0 && !timedOut) throw readingError("podman logs", reading);
  return { reading, source: "podman" };
}

function rejectName(name: string, { complaints, newest }: Reading): never {
  // Other lines are remarks of some program.
  const names = newest.entries.map(({ message }) => message).filter((name) =>
    podmanName.test(name)
  );
  const known = names.length === 0
    ? "it has none"
    : `it has ${names.slice(0, MAX_NAMES).join(", ")}${names.length > MAX_NAMES ? " …" : ""}`;
  rejectArgument(
    `unit: this user's podman shows no log of ${name}; ${known}. ` +
      "For root's containers, use run_command with as_root and podman logs",
    complaints.join("\n"),
  );
}
