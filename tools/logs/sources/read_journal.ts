import type { ContainerTerminal } from "../../../client/mod.ts";
import { quoted } from "../../text/quoted.ts";
import { assertFiltered } from "./grep_filter.ts";
import type { LogQuery } from "../log_query.ts";
import {
  type LogResult,
  type Reading,
  readingError,
  rejectArgument,
  type TracedReadOptions,
} from "../log_reader.ts";
import { readLog } from "../run_reader.ts";
import { journalReader } from "./journal.ts";
import { logFileNames, logFilesReader, NO_LOG_FILES } from "./log_files.ts";
import { acceptedTimes, journalTime } from "../when.ts";

/** What a run of journalctl means: the journal was read, this user may not read it, or there is none. */
type Verdict =
  | { readonly kind: "read" }
  | { readonly kind: "denied" | "missing"; readonly why: string };

const notInstalled: Verdict = { kind: "missing", why: "journalctl is not installed" };

/** journalctl's hint that entries of other users are not shown, in three lines. */
const hint = /^(Hint: You are currently not seeing|Users in groups |Pass -q to turn off)/;

/** Reads the journal as root, falls back to reading it as the user, and then to the log files. */
export async function readJournal(
  terminal: ContainerTerminal,
  query: LogQuery,
  options: TracedReadOptions,
): Promise<LogResult> {
  const started = performance.now();
  const left = (): TracedReadOptions =>
    options.followMs === undefined ? options : {
      ...options,
      followMs: Math.max(1, options.followMs - (performance.now() - started)),
    };
  const asRoot = await readAs("root", terminal, query, left());
  const verdict = judge(asRoot, query, "root");
  if (verdict.kind === "read") return { reading: asRoot, source: "journal" };
  if (verdict.kind === "missing") return await readFiles(terminal, query, left(), verdict.why);
  const asUser = await readAs("user", terminal, query, left());
  const second = judge(asUser, query, "user");
  if (second.kind !== "read") return await readFiles(terminal, query, left(), second.why);
  const partial = `entries of the system and of other users may be missing: ${verdict.why}`;
  return { reading: asUser, source: "journal", partial };
}

async function readAs(
  rights: "root" | "user",
  terminal: ContainerTerminal,
  query: LogQuery,
  options: TracedReadOptions,
): Promise<Reading> {
  const reader = journalReader(query, rights, options.traces.earlier);
  const started = performance.now();
  try {
    return await readLog(terminal, reader, options);
  } finally {
    const { trace } = reader;
    if (trace !== undefined) options.traces.add(trace, performance.now() - started);
  }
}

async function readFiles(
  terminal: ContainerTerminal,
  query: LogQuery,
  options: TracedReadOptions,
  why: string,
): Promise<LogResult> {
  const reading = await readLog(
    terminal,
    logFilesReader(query, undefined, options.traces.earlier),
    options,
  );
  assertFiltered(reading, query.grep);
  const names = logFileNames.join(", ");
  const partial = reading.exitCode === NO_LOG_FILES
    ? `no journal and no log files: ${why}, and none of /var/log/{${names}} that this ` +
      "user may read"
    : [`${why}: the last lines of log files instead, file by file`, ...unapplied(query)].join("; ");
  return { reading, source: "log_files", partial };
}

function judge(reading: Reading, query: LogQuery, rights: "root" | "user"): Verdict {
  const { exitCode, timedOut } = reading;
  if (timedOut) return { kind: "read" };
  const complaints = reading.complaints.filter((line) => !hint.test(line));
  if (complaints.some((line) => /^No journal files were found/.test(line))) {
    return { kind: "missing", why: "there is no journal" };
  }
  if (exitCode === 0) return { kind: "read" };
  const [complaint] = complaints;
  // Exit 1: no entry matches `--grep`, or no unit matches the pattern.
  if (exitCode === 1) {
    if (complaint === undefined) return { kind: "read" };
    if (/^Failed to add filter for units: No data available/.test(complaint)) {
      return { kind: "read" };
    }
  }
  rejectWords(complaints, query);
  if (rights === "root") {
    if (complaints.some((line) => /^sudo: journalctl: command not found/.test(line))) {
      return notInstalled;
    }
    // 127: the shell did not find sudo. The words of a refusal differ between versions of sudo.
    if (exitCode === 127) return { kind: "denied", why: "sudo is not installed" };
    if (complaints.some((line) => /^sudo: |sudoers|not allowed to/.test(line))) {
      return {
        kind: "denied",
        why: `no sudo without a password (${quoted(complaints.at(-1) ?? "")})`,
      };
    }
  } else {
    if (exitCode === 127) return notInstalled;
    if (complaints.some((line) => /insufficient permissions/.test(line))) {
      return { kind: "denied", why: `the journal cannot be read (${quoted(complaint ?? "")})` };
    }
  }
  throw readingError("journalctl", reading);
}

/** Rejects arguments that this journalctl does not accept. */
function rejectWords(complaints: readonly string[], { since, until, grep }: LogQuery): void {
  const said = complaints.join("; ");
  const [, time] = /Failed to parse timestamp: ([^;]*)/.exec(said) ?? [];
  if (time !== undefined) {
    const isSince = until === undefined || (since !== undefined && journalTime(since) === time);
    const name = isSince ? "since" : "until";
    rejectArgument(
      `${name}: the container's journalctl does not accept it; accepted: ${acceptedTimes}`,
      said,
    );
  }
  if (/since= must be before --until/.test(said)) rejectArgument("since: it is after until");
  if (grep !== undefined && /^Bad pattern|pattern matching/.test(said)) {
    rejectArgument("grep: the container's journalctl does not accept it", said);
  }
}

function unapplied({ unit, priority, since, until }: LogQuery): readonly string[] {
  const given = Object.entries({ unit, priority, since, until })
    .flatMap(([name, value]) => value === undefined ? [] : [name]);
  return given.length === 0 ? [] : [`${given.join(", ")} could not be applied`];
}
