import { visible, withoutSecrets } from "../../client/internal.ts";
import { isRecord } from "./editor.ts";

/** Maximum length of a value that is shown. */
const MAX_SHOWN_CHARS = 200;

/** Fields whose values may be secrets: only their names are shown. */
const secretive = ["env", "envs", "environment", "headers"];

/** Returns what changes if one value takes the place of another, a line each. Shows no variable's value. */
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
      : [`${visible(key)}: ${shown(before)} → ${shown(after)}`];
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

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = visible(withoutSecrets(JSON.stringify(value)));
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}
