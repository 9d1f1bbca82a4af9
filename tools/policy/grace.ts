import { maxTtlSeconds, parseDuration } from "../../client/internal.ts";

/** For how long deleted containers can be recovered: for all alike, or by team, `*` for each of the others. */
export type DeleteGrace = string | { readonly teams: Readonly<Record<string, string>> };

/** What a grace is, for messages. */
export const expectedGrace =
  'expected "none" or a duration of at most 7 days, such as "24h", "90m" or "7d"';

/** Whether a text is a grace: a duration that the daemon can keep, or `none`. */
export function isGrace(text: string): boolean {
  return text === "none" || (parseDuration(text) ?? Infinity) <= maxTtlSeconds;
}

/** Returns how many seconds a grace has; `undefined` for `none`. */
export function graceSeconds(text: string): number | undefined {
  return parseDuration(text);
}
