import type { LogEntry } from "./log_entry.ts";
import { filterOf } from "./grep_pattern.ts";
import { liveReader, type LogQuery, type LogReader } from "./log_reader.ts";
import { quote } from "../text/shell_quote.ts";
import { podmanTime } from "./when.ts";
import { ContainariumError, type ContainerTerminal } from "../../client/mod.ts";
import { type Found, type Reading, readLog, type ReadOptions } from "./run_reader.ts";
import { failed, refuse, refuseFilter } from "./read_refusal.ts";

/** podman is not installed. */
export const NO_PODMAN = 71;
/** It would not show the log; it says why on standard error, its containers' names follow. */
export const NO_CONTAINER = 72;

/** What a container of podman's may be called. */
export const podmanName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (.*)$/s;

/** Reads the log of a container of podman's in the container, both of its outputs. */
export function podmanReader(query: LogQuery, name: string): LogReader {
  const { since, until, grep, lines, isLive } = query;
  const { setup, pipe } = filterOf(grep, isLive);
  // Podman counts `--tail` before it looks at `--until`.
  const isCounted = isLive || (pipe === "" && until === undefined);
  const times = [
    ...(since === undefined ? [] : [`--since=${quote(podmanTime(since) ?? "")}`]),
    ...(until === undefined ? [] : [`--until=${quote(podmanTime(until) ?? "")}`]),
  ];
  const options = [
    // A pattern is for what was written, not for podman's stamp in front of it.
    ...(grep === undefined ? ["--timestamps"] : []),
    ...(isCounted ? [`--tail=${lines}`] : []),
    ...(isLive ? ["--follow"] : []),
    ...times,
  ];
  // Following may end, and no match is not a failure.
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

/** Understands a line with its time in front. */
export function parsePodmanLine(line: string): LogEntry {
  const [, stamp = "", message = ""] = stamped.exec(line) ?? [];
  const time = new Date(stamp);
  return Number.isNaN(time.getTime()) ? { message: line } : { time, message };
}

/** How many names are listed. */
const MAX_NAMES = 20;

/**
 * Reads the log of a container of podman's, as the user.
 *
 * @throws {ContainariumError} `invalid_argument` or `failed_precondition` where there is none
 */
export async function readPodman(
  terminal: ContainerTerminal,
  query: LogQuery,
  name: string,
  options: ReadOptions,
): Promise<Found> {
  const reading = await readLog(terminal, podmanReader(query, name), options);
  const { exitCode, timedOut } = reading;
  if (exitCode === NO_PODMAN) {
    throw new ContainariumError("failed_precondition", "podman is not installed there");
  }
  if (exitCode === NO_CONTAINER) refuseName(name, reading);
  refuseFilter(reading, query);
  if (exitCode !== 0 && !timedOut) throw failed("podman logs", reading);
  return { reading, source: "podman" };
}

function refuseName(name: string, { complaints, newest }: Reading): never {
  // A line that is not a name from podman is some program's remark.
  const names = newest.entries.map(({ message }) => message).filter((name) =>
    podmanName.test(name)
  );
  const known = names.length === 0
    ? "it has none"
    : `it has ${names.slice(0, MAX_NAMES).join(", ")}${names.length > MAX_NAMES ? " …" : ""}`;
  refuse(
    `unit: this user's podman shows no log of ${name}; ${known}. ` +
      "For root's containers, use run_command with as_root and podman logs",
    complaints.join("\n"),
  );
}
