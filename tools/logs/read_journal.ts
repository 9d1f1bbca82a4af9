import type { ContainerTerminal } from "../../client/mod.ts";
import { quoted } from "../text/quoted.ts";
import { type Found, type Reading, readLog, type ReadOptions } from "./run_reader.ts";
import { journalReader } from "./journal.ts";
import { logFileNames, logFilesReader, NO_LOG_FILES } from "./file.ts";
import type { LogQuery } from "./log_reader.ts";
import { failed, refuse, refuseFilter } from "./read_refusal.ts";
import { remember, tracesOf } from "./traces.ts";
import { acceptedTimes, journalTime } from "./when.ts";

/** What a run of journalctl means. */
type Verdict =
  | { readonly kind: "read" }
  | { readonly kind: "denied" | "missing"; readonly why: string };

const notInstalled: Verdict = { kind: "missing", why: "journalctl is not installed" };

/** journalctl's hint that others' entries are not shown, in three lines. */
const remark = /^(Hint: You are currently not seeing|Users in groups |Pass -q to turn off)/;

/** Reads the journal as root, else as the user, else the log files: the best that is there. */
export async function readJournal(
  terminal: ContainerTerminal,
  query: LogQuery,
  options: ReadOptions,
): Promise<Found> {
  const started = performance.now();
  const left = (): ReadOptions =>
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
  options: ReadOptions,
): Promise<Reading> {
  const reader = journalReader(query, rights, tracesOf(terminal));
  const started = performance.now();
  try {
    return await readLog(terminal, reader, options);
  } finally {
    const { trace } = reader;
    if (trace !== undefined) remember(terminal, trace, performance.now() - started);
  }
}

async function readFiles(
  terminal: ContainerTerminal,
  query: LogQuery,
  options: ReadOptions,
  why: string,
): Promise<Found> {
  const reading = await readLog(terminal, logFilesReader(query), options);
  refuseFilter(reading, query);
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
  const complaints = reading.complaints.filter((line) => !remark.test(line));
  if (complaints.some((line) => /^No journal files were found/.test(line))) {
    return { kind: "missing", why: "there is no journal" };
  }
  if (exitCode === 0) return { kind: "read" };
  const [complaint] = complaints;
  // Nothing matches `--grep`; no unit matches a pattern.
  if (exitCode === 1) {
    if (complaint === undefined) return { kind: "read" };
    if (/^Failed to add filter for units: No data available/.test(complaint)) {
      return { kind: "read" };
    }
  }
  refuseWords(complaints, query);
  if (rights === "root") {
    if (complaints.some((line) => /^sudo: journalctl: command not found/.test(line))) {
      return notInstalled;
    }
    // 127: the shell did not find sudo; what sudo says when it refuses differs by version.
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
  throw failed("journalctl", reading);
}

/** What journalctl does not understand of what was asked. */
function refuseWords(complaints: readonly string[], { since, until, grep }: LogQuery): void {
  const said = complaints.join("; ");
  const [, time] = /Failed to parse timestamp: ([^;]*)/.exec(said) ?? [];
  if (time !== undefined) {
    const isSince = until === undefined || (since !== undefined && journalTime(since) === time);
    const name = isSince ? "since" : "until";
    refuse(
      `${name}: the container's journalctl does not accept it; accepted: ${acceptedTimes}`,
      said,
    );
  }
  if (/since= must be before --until/.test(said)) refuse("since: it is after until");
  if (grep !== undefined && /^Bad pattern|pattern matching/.test(said)) {
    refuse("grep: the container's journalctl does not accept it", said);
  }
}

function unapplied({ unit, priority, since, until }: LogQuery): readonly string[] {
  const given = Object.entries({ unit, priority, since, until })
    .flatMap(([name, value]) => value === undefined ? [] : [name]);
  return given.length === 0 ? [] : [`${given.join(", ")} could not be applied`];
}
