/**
 * The arguments of get_logs, and what is read for them.
 *
 * @module
 */
import { z } from "zod";
import { seconds } from "../fields.ts";
import { username } from "../schemas.ts";
import { spelled, spellings } from "../schema/spellings.ts";
import { priorities, type Priority } from "./log_entry.ts";
import { rejectArgument } from "./log_reader.ts";
import { acceptedTimes, parseWhen, podmanTime, type When } from "./when.ts";

/** Which entries of a log to read. */
export interface LogQuery {
  /** systemd unit or Podman container. */
  readonly unit?: string | undefined;
  /** Earliest time. */
  readonly since?: When | undefined;
  /** Latest time. */
  readonly until?: When | undefined;
  /** Regular expression. */
  readonly grep?: string | undefined;
  /** Least severe priority. */
  readonly priority?: Priority | undefined;
  /** Maximum number of existing entries. */
  readonly lines: number;
  /** Whether to follow the log for new entries. */
  readonly isLive: boolean;
}

/** What a Podman container can be called. */
export const podmanName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Maximum length of one argument. */
const MAX_ARGUMENT_CHARS = 1_000;

// Lengths and formats are checked here and not stated in the schema, where they would cost tokens.
const word = z.string().refine(
  (text) => text !== "" && text.length <= MAX_ARGUMENT_CHARS && !/\p{Cc}/u.test(text),
  `1 to ${MAX_ARGUMENT_CHARS} characters, no control characters`,
);
const unit = z.string().refine(
  (text) => /^[\w:.\\@*?[\]-]{1,255}$/.test(text),
  "expected the name of a unit or a Podman container: letters, digits and : _ . - @ \\ * ? [ ]",
);
const when = z.string()
  .refine((text) => parseWhen(text) !== undefined, `not a time; accepted: ${acceptedTimes}`);
const path = word.refine(
  (text) => text.startsWith("/") || text.startsWith("~/"),
  "from / or from the home by ~/, e.g. /var/log/nginx/error.log",
);

/** Also accepts syslog's other words, and its numbers. */
const priority = spellings.add(
  z.enum(priorities),
  spelled({
    warn: "warning",
    error: "err",
    critical: "crit",
    emergency: "emerg",
    panic: "emerg",
    ...Object.fromEntries(priorities.map((name, number) => [String(number), name])),
  }),
);

/** Arguments of get_logs. */
export const logArguments = z.strictObject({
  username,
  unit: unit.optional().describe("systemd unit, e.g. nginx or web*; podman: container"),
  since: when.optional().describe("E.g. 2026-11-21T06:00:00Z or 2h ago"),
  until: when.optional().describe("Same format"),
  grep: word.optional().describe("Perl regex; without capitals it ignores case"),
  priority: priority.optional().describe("This or worse; journal only"),
  lines: z.int().min(1).max(2_000).default(100).describe("How many of the newest"),
  source: z.enum(["journal", "file", "podman"]).optional()
    .describe("Default: file if there is a path, else journal"),
  path: path.optional().describe("File under /var/log or the user's own; .gz too"),
  follow_seconds: seconds.min(0).max(300).default(0)
    .describe("Then wait this long for new ones, reported as progress"),
});

type LogArguments = z.output<typeof logArguments>;

/** One source, and what to read from it. */
export type SourceQuery =
  | { readonly source: "journal"; readonly query: LogQuery }
  | { readonly source: "file"; readonly query: LogQuery; readonly path: string }
  | { readonly source: "podman"; readonly query: LogQuery; readonly name: string };

/**
 * Returns what to read, if the arguments fit together.
 *
 * @throws {ContainariumError} `invalid_argument`, naming the argument that does not fit
 */
export function sourceQuery(from: LogArguments): SourceQuery {
  const { path, unit } = from;
  const { source = path === undefined ? "journal" : "file" } = from;
  const query = toQuery(from);
  if (query.isLive && query.until !== undefined) rejectArgument("until: not with follow_seconds");
  if (path !== undefined && source !== "file") rejectArgument('path: only with source "file"');
  switch (source) {
    case "journal":
      return { source, query };
    case "file": {
      if (path === undefined) rejectArgument('path: source "file" needs it');
      const [given] = (["unit", "since", "until", "priority"] as const)
        .filter((name) => from[name] !== undefined);
      if (given !== undefined) rejectArgument(`${given}: not with source "file"; use grep instead`);
      return { source, query, path };
    }
    case "podman": {
      if (unit === undefined) {
        rejectArgument('unit: source "podman" needs the Podman container\'s name');
      }
      if (!podmanName.test(unit)) rejectArgument(`unit: ${unit} cannot be a container's name`);
      if (query.priority !== undefined) rejectArgument('priority: not with source "podman"');
      for (const name of ["since", "until"] as const) {
        const time = query[name];
        if (time === undefined || podmanTime(time) !== undefined) continue;
        rejectArgument(`${name}: podman accepts no word for a day; pass the time or how long ago`);
      }
      return { source, query, name: unit };
    }
  }
}

function toQuery(from: LogArguments): LogQuery {
  const { unit, grep, priority, lines } = from;
  const since = parseWhen(from.since ?? "");
  const until = parseWhen(from.until ?? "");
  return {
    unit,
    since,
    until,
    grep,
    priority,
    lines,
    isLive: from.follow_seconds > 0,
  };
}
