import { didYouMean } from "../client/internal.ts";
import { UsageError } from "./usage_error.ts";
import type { Setting } from "./sources.ts";

/**
 * Returns the chosen word.
 *
 * @throws {UsageError} If it is none of them; suggests the nearest
 */
export function choose<Word extends string>(found: Setting, words: readonly Word[]): Word {
  const word = words.find((word) => word === found.value.toLowerCase());
  if (word !== undefined) return word;
  throw new UsageError(`${found.label} "${found.value}": ${expected(found.value, words)}`);
}

/**
 * Returns a comma-separated list of words.
 *
 * @throws {UsageError} If one is unknown, or the list is empty; suggests the nearest
 */
export function chooseSome(found: Setting, words: readonly string[]): readonly string[] {
  const given = found.value.split(",").map((word) => word.trim()).filter((word) => word !== "");
  const [wrong = given.length === 0 ? found.value : undefined] = given.filter((word) =>
    !words.includes(word)
  );
  if (wrong === undefined) return given;
  throw new UsageError(`${found.label} "${wrong}": ${expected(wrong, words)}`);
}

const yes = ["true", "1", "t", "yes", "y", "on"];
const no = ["false", "0", "f", "no", "n", "off"];

/**
 * Returns a boolean in any of the usual spellings; `undefined` if it is not set.
 *
 * @throws {UsageError} If it is none of them; suggests the nearest
 */
export function chooseBoolean(found: Setting | undefined): boolean | undefined {
  if (found === undefined) return undefined;
  return readBoolean(found) ?? choose(found, [...yes, ...no]) === "true";
}

/** Returns a boolean in any of the usual spellings; `undefined` for anything else. */
export function readBoolean({ value }: Setting): boolean | undefined {
  const word = value.toLowerCase();
  if (yes.includes(word)) return true;
  return no.includes(word) ? false : undefined;
}

/**
 * Returns a boolean that the vendor's server reads, too: that one accepts any value.
 *
 * @param warn Called with a warning about an invalid value
 */
export function tolerateBoolean(
  found: Setting | undefined,
  warn: (line: string) => void,
): boolean | undefined {
  if (found === undefined) return undefined;
  const read = readBoolean(found);
  if (read === undefined) {
    warn(`${found.label} "${found.value}" counts as not set: expected true or false`);
  }
  return read;
}

/** Beside a suggestion, a longer list would only hide it. */
const MAX_BESIDE = 25;

/** Returns `did you mean --version? (known: …)`, or only the known words. */
export function expected(wrong: string, known: readonly string[]): string {
  const all = didYouMean("", known);
  const hint = didYouMean(wrong, known);
  if (hint === all) return all;
  return known.length > MAX_BESIDE ? hint : `${hint} (${all})`;
}
