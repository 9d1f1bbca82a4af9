import type { Trace } from "../../log_traces.ts";
import type { LogEntry } from "../log_entry.ts";
import type { LogQuery } from "../log_query.ts";
import type { LogReader } from "../log_reader.ts";
import { quote } from "../../../client/internal.ts";
import { grepFilter } from "./grep_filter.ts";
import { OwnLines } from "./own_lines.ts";
import { sudoMark, withOwnLines } from "./own_runs.ts";

/** Log files of a machine without a journal, in /var/log. */
export const logFileNames = ["syslog", "messages", "daemon.log", "auth.log"] as const;

/** Exit code if the user can read none of them. */
export const NO_LOG_FILES = 70;

const named = new RegExp(`^(${logFileNames.map(RegExp.escape).join("|")}) (.*)$`, "s");

/** A reader of the ends of the log files of a machine without a journal, one after the other. */
export function logFilesReader(
  query: LogQuery,
  folder = "/var/log",
  earlier: readonly Trace[] = [],
): LogReader {
  const { grep, isLive } = query;
  const { lines } = withOwnLines(query, earlier);
  const { setup, pipe } = grepFilter(grep, isLive, sudoMark);
  const own = new Map<string | undefined, OwnLines>();
  const mark = 'while IFS= read -r line||[ -n "$line" ];do printf "%s %s\\n" "$name" "$line";done';
  // While following, existing lines are counted before the filter, as journalctl does.
  const read = isLive
    ? `tail -n ${lines} -F "$name" 2>/dev/null${pipe}|${mark}&`
    : pipe === ""
    ? `tail -n ${lines} "$name"|${mark}`
    : `filter <"$name"|tail -n ${lines}|${mark}`;
  const script = [
    "export LC_ALL=C",
    `cd ${quote(folder)}||exit ${NO_LOG_FILES}`,
    `for name in ${logFileNames.join(" ")};do`,
    '[ -f "$name" ]&&[ -r "$name" ]&&set -- "$@" "$name"',
    "done",
    `[ $# -gt 0 ]||exit ${NO_LOG_FILES}`,
    `${setup}for name;do ${read}`,
    "done",
    "wait",
  ].join("\n");
  return {
    script,
    first: "oldest",
    most: isLive ? undefined : query.lines,
    parse: parseLogFileLine,
    isOwn(entry) {
      const inFile = own.get(entry.identifier) ?? new OwnLines(() => earlier);
      own.set(entry.identifier, inFile);
      return inFile.has(entry);
    },
  };
}

/** Parses a line that starts with the file's name. */
function parseLogFileLine(line: string): LogEntry {
  const [, identifier, message = line] = named.exec(line) ?? [];
  return { identifier, message };
}
