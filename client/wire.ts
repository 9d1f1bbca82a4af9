/**
 * Reads protojson as the daemon writes it. Lenient about daemons of different ages: an int64 is a
 * string or a number, an absent key is a zero value, unknown keys are ignored. Strict about shape:
 * an object in place of a list is an error.
 *
 * @module
 */
import { ContainariumError } from "./errors.ts";

/** A JSON object with unvalidated values. */
export type JsonObject = Readonly<Record<string, unknown>>;

function unexpected(expected: string, value: unknown): ContainariumError {
  const found = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  return new ContainariumError(
    "internal",
    `Unexpected response from the daemon: expected ${expected}, found ${found}`,
    { reason: "unexpected_response", details: { expected, found } },
  );
}

/** Reads a required object. */
export function readObject(value: unknown, name: string): JsonObject {
  if (isObject(value)) return value;
  throw unexpected(`the object "${name}"`, value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads an object, or `undefined` if the daemon wrote `null` or left it out. */
export function readOptionalObject(value: unknown, name: string): JsonObject | undefined {
  return value === null || value === undefined ? undefined : readObject(value, name);
}

/** Maximum rows of a list and keys of an object. */
const MAX_ROWS = 25_000;
/** Maximum length of a text; the longest is a recipe's script. */
const MAX_CHARS = 64 * 1024;
const MAX_PAIRS = 1_000;
const MAX_VALUE_CHARS = 4_096;
/** Maximum objects and lists in one response: 25,000 containers have 175,000. */
const MAX_BRACKETS = 400_000;
/** Maximum commas in one response: 25,000 containers have 1,100,000. */
const MAX_COMMAS = 1_500_000;

/**
 * Returns whether JSON has more objects, lists, keys or values than any response, before parsing
 * it. There is at most one key or value more than brackets and commas.
 */
export function isTooDense(json: string): boolean {
  // Shorter ones have no room for so many.
  if (json.length <= MAX_BRACKETS) return false;
  return hasTooManyBrackets(json) || hasTooManyCommas(json);
}

function hasTooManyBrackets(json: string): boolean {
  let left = MAX_BRACKETS;
  for (const bracket of ["{", "["]) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      if (--left < 0) return true;
    }
  }
  return false;
}

/** Counts until the rest has no room for more: in JSON there is something between two commas. */
function hasTooManyCommas(json: string): boolean {
  let left = MAX_COMMAS;
  for (
    let at = json.indexOf(",");
    at !== -1 && json.length - at > 2 * left;
    at = json.indexOf(",", at + 1)
  ) {
    if (--left < 0) return true;
  }
  return false;
}

/**
 * Reads a list; absent and `null` are an empty one.
 *
 * @throws {ContainariumError} `resource_exhausted` for more than 25,000 rows, `internal` if it is
 * not a list
 */
export function readList(value: unknown, name: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw unexpected(`the list "${name}"`, value);
  if (value.length <= MAX_ROWS) return value;
  throw new ContainariumError(
    "resource_exhausted",
    `Unexpected response from the daemon: the list "${name}" has ${value.length} rows, of which at ` +
      `most ${MAX_ROWS} are read`,
  );
}

/**
 * Reads the list that an answer is for. Released daemons always write its key, and older ones may leave
 * out empty values, so only an answer with other keys and without a count is not a daemon's: a proxy's.
 *
 * @throws {ContainariumError} As {@linkcode readList}
 */
export function readListOf(answer: JsonObject, name: string): readonly unknown[] {
  const { [name]: value, ...others } = answer;
  const isForeign = value === undefined && !("totalCount" in others) &&
    Object.keys(others).length > 0;
  if (isForeign) throw unexpected(`the list "${name}"`, value);
  return readList(value, name);
}

/** Reads a text, truncated to the maximum; an empty one is proto3's "not set". */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? clamped(value, MAX_CHARS) : undefined;
}

function clamped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** Range of an int64: sums of larger numbers could become infinite. */
const MAX_INT64 = 2 ** 63;

/** Reads an integer or double, as a number or a string; absent is 0. */
export function readNumber(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return 0;
  return Math.min(Math.max(number, -MAX_INT64), MAX_INT64);
}

/** Reads a bool; absent is false. */
export function readFlag(value: unknown): boolean {
  return value === true;
}

/** Reads a map of strings, each truncated to the maximum; absent is empty. */
export function readStringMap(value: unknown, name: string): Readonly<Record<string, string>> {
  const object = readOptionalObject(value, name) ?? {};
  const map: Record<string, string> = {};
  // A loop: each container of a list has labels.
  for (const key of Object.keys(object).slice(0, MAX_PAIRS)) {
    const text = object[key];
    const kept = typeof text === "string" ? clamped(text, MAX_VALUE_CHARS) : "";
    if (key === "__proto__") Object.defineProperty(map, key, { ...plainProperty, value: kept });
    else map[clamped(key, MAX_VALUE_CHARS)] = kept;
  }
  return map;
}

const plainProperty = { writable: true, enumerable: true, configurable: true } as const;

/** Reads Unix seconds; 0 and Go's zero time (the year 1) are "not set". */
export function readUnixSeconds(value: unknown): Date | undefined {
  const seconds = readNumber(value);
  return seconds > 0 ? validDate(new Date(seconds * 1_000)) : undefined;
}

/** Reads an RFC 3339 time, or the date of an HTTP header; `null`, empty, and Go's zero time (the year 1) are "not set". */
export function readTime(value: unknown): Date | undefined {
  const text = readText(value);
  const time = text === undefined ? undefined : validDate(new Date(text));
  return time !== undefined && time.getTime() > 0 ? time : undefined;
}

function validDate(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Returns what a table holds under a key from outside. `constructor` and `__proto__` are keys like any
 * other: what every object inherits is not in the table.
 */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Reads one of the words that the daemon has for something, as a table says it; others are `undefined`. */
export function readWord<T>(value: unknown, words: Readonly<Record<string, T>>): T | undefined {
  const word = readText(value);
  return word === undefined ? undefined : own(words, word);
}

/** Returns a table or list to send, or `undefined` for one with nothing in it: its key is then left out. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.values(value).some((each) => each !== undefined) ? value : undefined;
}
