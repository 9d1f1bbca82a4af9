import { nearest } from "../client/mod.ts";
import { UsageError } from "./errors.ts";
import type { Found } from "./sources.ts";

/**
 * One of several words.
 *
 * @throws {UsageError} When it is none of them; names the nearest
 */
export function choose<Word extends string>(found: Found, words: readonly Word[]): Word {
  const word = words.find((word) => word === found.value);
  if (word !== undefined) return word;
  throw new UsageError(`${found.label} "${found.value}": ${expected(found.value, words)}`);
}

/**
 * Words with commas between them, each one of several.
 *
 * @throws {UsageError} When one is none of them, or there is none; names the nearest
 */
export function chooseSome(found: Found, words: readonly string[]): readonly string[] {
  const given = found.value.split(",").map((word) => word.trim()).filter((word) => word !== "");
  const [wrong = given.length === 0 ? found.value : undefined] = given.filter((word) =>
    !words.includes(word)
  );
  if (wrong === undefined) return given;
  throw new UsageError(`${found.label} "${wrong}": ${expected(wrong, words)}`);
}

/** `true` or `false`; `undefined` when it is not set. */
export function chooseBoolean(found: Found | undefined): boolean | undefined {
  return found === undefined ? undefined : choose(found, ["true", "false"]) === "true";
}

/** `did you mean --version? Known: …`, or what is known alone. */
export function expected(wrong: string, known: readonly string[]): string {
  const meant = nearest(wrong, known);
  const all = `known: ${known.join(", ")}`;
  return meant === undefined ? all : `did you mean ${meant}? (${all})`;
}
