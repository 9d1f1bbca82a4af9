import type { LogEntry } from "./log_entry.ts";
import { filterOf } from "./grep_pattern.ts";
import type { LogQuery } from "./query.ts";
import { quote } from "../text/shell_quote.ts";
import type { LogReader } from "./log_reader.ts";

/** Where a machine without a journal writes its log. */
export const logFileNames = ["syslog", "messages", "daemon.log", "auth.log"] as const;

/** There is none of them that the user may read. */
export const NO_LOG_FILES = 70;

const named = new RegExp(`^(${logFileNames.map(RegExp.escape).join("|")}) (.*)$`, "s");

/** Reads the ends of the log files of a machine without a journal, one after the other. */
export function logFilesReader(query: LogQuery, folder = "/var/log"): LogReader {
  const { setup, pipe } = filterOf(query.grep, query.isLive);
  const mark = 'while IFS= read -r line||[ -n "$line" ];do printf "%s %s\\n" "$name" "$line";done';
  // While following, the lines that are there are counted before the filter, as journalctl does it.
  const read = query.isLive
    ? `tail -n ${query.lines} -F "$name" 2>/dev/null${pipe}|${mark}&`
    : pipe === ""
    ? `tail -n ${query.lines} "$name"|${mark}`
    : `filter <"$name"|tail -n ${query.lines}|${mark}`;
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
  return { script, first: "oldest", parse: parseLogFileLine };
}

/** Understands a line with the file's name in front of it. */
function parseLogFileLine(line: string): LogEntry {
  const [, identifier, message = line] = named.exec(line) ?? [];
  return { ...(identifier === undefined ? {} : { identifier }), message };
}
