import { parseDuration } from "../../client/internal.ts";
import type { CallOutcome } from "../../server/record/record_entry.ts";
import { toolNames } from "../../tools/mod.ts";
import { chooseSome } from "../choices.ts";
import type { Given } from "../command_line.ts";
import { UsageError } from "../usage_error.ts";
import { type RecordedCall, usernamesOf } from "./recorded_call.ts";

/** Complete, which the type checker sees to. */
const outcomesShown: Readonly<Record<CallOutcome | "unfinished", true>> = {
  ok: true,
  failed: true,
  refused: true,
  cancelled: true,
  "timed_out": true,
  ambiguous: true,
  unfinished: true,
};

/** Returns whether a call is asked for. */
export type CallFilter = (call: RecordedCall) => boolean;

/**
 * Reads the filters of the command line. A call must pass all of them.
 *
 * @throws {UsageError} If a time, a tool or an outcome is none
 */
export function filterOf({ options }: Pick<Given, "options">, now: Date = new Date()): CallFilter {
  const since = timeIn("since", options.since, now);
  const until = timeIn("until", options.until, now);
  const tools = chosen("tool", options.tool, toolNames);
  const usernames = wordsIn(options.username);
  const outcomes = chosen("outcome", options.outcome, Object.keys(outcomesShown));
  const { client, conversation } = options;
  return (call) => {
    const began = Date.parse(call.since);
    const ended = Date.parse(call.until ?? call.since);
    return (since === undefined || ended >= since) && (until === undefined || began <= until) &&
      (tools?.includes(call.tool) ?? true) &&
      (outcomes?.includes(call.outcome) ?? true) &&
      (usernames === undefined || usernamesOf(call).some((name) => usernames.includes(name))) &&
      (client === undefined ||
        call.client?.name.toLowerCase().includes(client.toLowerCase()) === true) &&
      (conversation === undefined || call.conversation.startsWith(conversation));
  };
}

function chosen(
  flag: string,
  text: string | undefined,
  known: readonly string[],
): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const label = `--${flag}`;
  return chooseSome({ variable: label, label, value: text }, known);
}

function wordsIn(text: string | undefined): readonly string[] | undefined {
  return text?.split(",").map((word) => word.trim());
}

function timeIn(flag: string, text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds !== undefined) return now.getTime() - seconds * 1_000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `--${flag} "${text}": expected a time, such as 2026-11-26T08:00:00Z, or how long ago, such as 24h`,
  );
}
