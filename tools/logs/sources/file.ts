import type { Trace } from "../../log_traces.ts";
import type { LogEntry } from "../log_entry.ts";
import { assertFiltered, grepFilter } from "./grep_filter.ts";
import type { LogQuery } from "../log_query.ts";
import {
  type LogReader,
  type LogResult,
  readingError,
  rejectArgument,
  type TracedReadOptions,
} from "../log_reader.ts";
import type { ContainerTerminal } from "../../../client/mod.ts";
import { quote, visible } from "../../../client/internal.ts";
import { OwnLines } from "./own_lines.ts";
import { readLog } from "../run_reader.ts";
import { parseStamp, printStamp, sudoMark, withOwnLines } from "./own_runs.ts";

/** Why a file cannot be read, by the script's exit code. */
export const fileRefusals = {
  66: "is not a regular file",
  67: "cannot be read by this user, nor with sudo without a password",
  68: "is neither under /var/log nor owned by the user",
  69: "does not exist, or is where this user has no access",
  73: "is compressed, and the container has no gzip to unpack it",
  74: "has an unsupported compression: use run_command with xzcat, zstdcat or bzcat",
  75: "is compressed and no longer grows: omit follow_seconds",
} as const;

/** A reader of one file. */
export interface FileReader extends LogReader {
  /** Real path of the file, once a line was read. */
  readonly realPath: string | undefined;
  /** What it leaves in logs itself, once a line was read; `undefined` if it needs no `sudo`. */
  readonly trace: Trace | undefined;
}

/**
 * A reader of the end of a file. The script opens it first and checks the descriptor, so that nobody
 * can replace the file in between. As root it opens only files under /var/log.
 *
 * @param path Absolute, or relative to the home with `~/`
 * @param earlier What other readings left in logs
 */
export function fileReader(
  query: LogQuery,
  path: string,
  earlier: readonly Trace[] = [],
): FileReader {
  let realPath: string | undefined;
  let trace: Trace | undefined;
  const own = new OwnLines(() => trace === undefined ? earlier : [...earlier, trace]);
  return {
    script: [
      `reader=${quote(openAndRead(withOwnLines(query, earlier)))}`,
      `path=${quote(path)}`,
      chooseRights,
    ].join("\n"),
    first: "oldest",
    most: query.isLive ? undefined : query.lines,
    get realPath() {
      return realPath;
    },
    get trace() {
      return trace;
    },
    parse(line: string): LogEntry | undefined {
      if (realPath !== undefined) return { message: line };
      const stamp = trace === undefined ? parseStamp(line) : undefined;
      if (stamp === undefined) realPath = line;
      else trace = stamp;
      return undefined;
    },
    isOwn: (entry) => own.has(entry),
  };
}

const haveGzip = "command -v gzip >/dev/null||exit 73";

/**
 * Returns the script for `sh -c … sh PATH RIGHTS`, which prints the real path, then the lines. It
 * follows the descriptor, even if the log is renamed: by name, another file could be slipped in.
 */
export function openAndRead({ grep, lines, isLive }: LogQuery): string {
  const { setup, pipe } = grepFilter(grep, isLive, sudoMark);
  const read = isLive
    ? `tail -n ${lines} -f <&5${pipe}`
    : pipe === ""
    ? `exec tail -n ${lines} <&5`
    : `filter <&5|tail -n ${lines}`;
  const unpack = isLive ? "exit 75" : `${haveGzip};gzip -dc <&5${pipe}|tail -n ${lines};exit`;
  return [
    "export LC_ALL=C",
    'file=$(readlink -f -- "$1")',
    '[ -e "$file" ]||exit 69',
    // Checked before opening: opening a pipe would block, and root must not open anything elsewhere.
    '[ -f "$file" ]||exit 66',
    'if [ "$2" = root ];then case $file in /var/log/*);;*)exit 68;;esac;fi',
    'exec 5<"$file"||exit 67',
    "[ -f /proc/self/fd/5 ]||exit 66",
    "real=$(readlink /proc/self/fd/5)",
    "case $real in",
    "/var/log/*);;",
    '*)[ "$2" = user ]&&[ -O /proc/self/fd/5 ]||exit 68;;',
    "esac",
    "case $real in *.xz|*.zst|*.bz2|*.lz4|*.lzma)exit 74;;esac",
    `${setup}printf '%s\\n' "$real"`,
    `case $real in *.gz)${unpack};;esac`,
    read,
  ].join("\n");
}

/**
 * Run by `sh -c … sh PATH READER`; replaces itself with `sudo`, so that it prints the process ID in sudo's
 * entries. The reader goes through stdin: sudo logs every argument.
 */
const readAsRoot = [
  printStamp,
  `exec sudo -n sh -s -- ${sudoMark} "$1" root <<END`,
  "shift",
  "$2",
  "END",
].join("\n");

const chooseRights = [
  'case $path in "~/"*)path=$HOME/${path#"~/"};;esac',
  'real=$(readlink -f -- "$path")',
  'if [ -e "$real" ];then',
  '[ -f "$real" ]||exit 66',
  '[ ! -r "$real" ]||exec sh -c "$reader" sh "$real" user',
  "case $real in /var/log/*);;*)",
  '[ -O "$real" ]&&exit 67',
  "exit 68;;esac",
  "else",
  // In a folder that the user cannot read; the script that runs as root checks what it really is.
  "case $path in */../*|*/..)exit 69;;/var/log/*)real=$path;;*)exit 69;;esac",
  "fi",
  `sh -c ${quote(readAsRoot)} sh "$real" "$reader"`,
  "code=$?",
  // sudo refused or is not installed.
  'case $code in 1|127)[ -e "$real" ]&&exit 67;exit 69;;esac',
  "exit $code",
].join("\n");

/**
 * Reads the end of one file.
 *
 * @throws {ContainariumError} `invalid_argument` if it cannot be read
 */
export async function readFile(
  terminal: ContainerTerminal,
  query: LogQuery,
  path: string,
  options: TracedReadOptions,
): Promise<LogResult> {
  const reader = fileReader(query, path, options.traces.earlier);
  const started = performance.now();
  const reading = await readLog(terminal, reader, options).finally(() => {
    const { trace } = reader;
    if (trace !== undefined) options.traces.add(trace, performance.now() - started);
  });
  const { exitCode, timedOut } = reading;
  const refusal = Object.entries(fileRefusals).find(([code]) => Number(code) === exitCode)?.[1];
  if (refusal !== undefined) rejectArgument(`path: ${path} ${refusal}`);
  assertFiltered(reading, query.grep);
  const { realPath } = reader;
  if ((exitCode !== 0 && !timedOut) || realPath === undefined) throw readingError(path, reading);
  // The exit code is that of the last command of the pipe.
  if (reading.complaints.some((line) => line.startsWith("gzip: "))) {
    throw readingError(path, reading);
  }
  return { reading, source: "file", path: visible(realPath) };
}
