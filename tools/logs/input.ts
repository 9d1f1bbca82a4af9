import { z } from "zod";
import { seconds } from "../fields.ts";
import { username } from "../schemas.ts";
import { spelled, spellings } from "../schema/spellings.ts";
import { priorities } from "./log_entry.ts";
import { podmanName } from "./podman.ts";
import type { LogQuery } from "./log_reader.ts";
import { refuse } from "./read_refusal.ts";
import { acceptedTimes, parseWhen, podmanTime } from "./when.ts";

/** More of one argument nobody means. */
const LONGEST = 1_000;

// Lengths and formats are checked here and not stated in the schema, where they would cost tokens.
const word = z.string().refine(
  (text) => text !== "" && text.length <= LONGEST && !/\p{Cc}/u.test(text),
  `1 to ${LONGEST} characters, no control characters`,
);
const unit = z.string().refine(
  (text) => /^[\w:.\\@*?[\]-]{1,255}$/.test(text),
  "not a unit's name, nor a podman container's: letters, digits and : _ . - @ \\ * ? [ ]",
);
const when = z.string()
  .refine((text) => parseWhen(text) !== undefined, `not a time; accepted: ${acceptedTimes}`);
const path = word.refine(
  (text) => text.startsWith("/") || text.startsWith("~/"),
  "from / or from the home by ~/, e.g. /var/log/nginx/error.log",
);

/** syslog's other words, and its numbers. */
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

/** What get_logs takes. */
export const question = z.strictObject({
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

/** What get_logs is asked. */
export type Question = z.output<typeof question>;

/** A question in which everything fits together. */
export type FittingQuestion =
  | { readonly source: "journal"; readonly query: LogQuery }
  | { readonly source: "file"; readonly query: LogQuery; readonly path: string }
  | { readonly source: "podman"; readonly query: LogQuery; readonly name: string };

/**
 * Looks whether the arguments fit together.
 *
 * @throws {ContainariumError} `invalid_argument`, naming the one that does not
 */
export function readQuestion(from: Question): FittingQuestion {
  const { path, unit } = from;
  const { source = path === undefined ? "journal" : "file" } = from;
  const query = queryOf(from);
  if (query.isLive && query.until !== undefined) refuse("until: not with follow_seconds");
  if (path !== undefined && source !== "file") refuse('path: only with source "file"');
  switch (source) {
    case "journal":
      return { source, query };
    case "file": {
      if (path === undefined) refuse('path: source "file" needs it');
      const [given] = (["unit", "since", "until", "priority"] as const)
        .filter((name) => from[name] !== undefined);
      if (given !== undefined) refuse(`${given}: not with source "file"; use grep instead`);
      return { source, query, path };
    }
    case "podman": {
      if (unit === undefined) refuse('unit: source "podman" needs the Podman container\'s name');
      if (!podmanName.test(unit)) refuse(`unit: ${unit} cannot be a container's name`);
      if (query.priority !== undefined) refuse('priority: not with source "podman"');
      for (const name of ["since", "until"] as const) {
        const time = query[name];
        if (time === undefined || podmanTime(time) !== undefined) continue;
        refuse(`${name}: podman accepts no word for a day; pass the time or how long ago`);
      }
      return { source, query, name: unit };
    }
  }
}

function queryOf(from: Question): LogQuery {
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
