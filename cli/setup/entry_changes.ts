import { visible, withoutSecrets } from "../../client/internal.ts";
import { isRecord } from "./editor.ts";

/** Maximum length of a value that is shown. */
const MAX_SHOWN_CHARS = 200;

/** Fields whose values may be secrets: only their names are shown. */
const secretive = ["env", "envs", "environment", "headers"];

/** Fields whose old value is a program or a word: of all others nobody knows what somebody wrote there. */
const plain = ["command", "cmd", "type", "name"];

/**
 * Returns what changes if one value takes the place of another, a line each. Shows no variable's value, and of
 * what was there before nothing that may be a secret, such as a header among the arguments.
 */
export async function changesBetween(
  old: unknown,
  wanted: unknown,
): Promise<readonly string[]> {
  const { isDeepStrictEqual } = await import("node:util");
  if (isDeepStrictEqual(old, wanted)) return [];
  if (!isRecord(old) || !isRecord(wanted)) return ["all of it"];
  return keysOf(old, wanted).flatMap((key) => {
    const [before, after] = [old[key], wanted[key]];
    if (isDeepStrictEqual(before, after)) return [];
    return secretive.includes(key)
      ? variableChanges(
        key,
        isRecord(before) ? before : {},
        isRecord(after) ? after : {},
        isDeepStrictEqual,
      )
      : [`${visible(key)}: ${shownOld(key, before)} → ${shown(after)}`];
  });
}

function variableChanges(
  key: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  isSame: (one: unknown, other: unknown) => boolean,
): readonly string[] {
  return keysOf(before, after).filter((name) => !isSame(before[name], after[name]))
    .map((name) => {
      const what = !(name in before) ? "added" : !(name in after) ? "removed" : "changed";
      return `${key}.${visible(name)}: ${what}`;
    });
}

function keysOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

function shownOld(key: string, value: unknown): string {
  const isPlain = value === undefined || typeof value === "boolean" || typeof value === "number" ||
    (typeof value === "string" && plain.includes(key) && /^\S*$/.test(value));
  return isPlain ? shown(value) : "something else";
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = visible(withoutSecrets(JSON.stringify(value)));
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}
