import type { LogEntry } from "./log_entry.ts";
import { filterOf } from "./grep_pattern.ts";
import type { LogQuery } from "./query.ts";
import { quote } from "../text/shell_quote.ts";
import { liveReader, type LogReader } from "./log_reader.ts";
import { podmanTime } from "./when.ts";

/** There is no podman. */
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
  // What follows may end, and that nothing matched is no failure.
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
