/**
 * Reads protojson as the daemon writes it. Lenient where daemons differ in age: an int64 is a
 * string or a number, an absent key is a zero value, unknown keys are passed over. Strict about
 * shape: an object where a list should be is an error.
 *
 * @module
 */
import { ContainariumError } from "./errors.ts";

/** A JSON object whose values are not looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

function unexpected(expected: string, value: unknown): ContainariumError {
  const found = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  return new ContainariumError(
    "internal",
    `Unexpected answer from the daemon: expected ${expected}, found ${found}`,
    { reason: "unexpected_response", details: { expected, found } },
  );
}

/** An object that must be there. */
export function readObject(value: unknown, name: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw unexpected(`the object "${name}"`, value);
}

/** An object, or nothing where the daemon wrote `null` or left it out. */
export function readOptionalObject(value: unknown, name: string): JsonObject | undefined {
  return value === null || value === undefined ? undefined : readObject(value, name);
}

/** A list; absent and `null` are an empty one. */
export function readList(value: unknown, name: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw unexpected(`the list "${name}"`, value);
}

/** Text; an empty one is proto3's "not set". */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What an int64 can be: of numbers beyond it a sum would be no number. */
const MOST = 2 ** 63;

/** An integer or double, written as a number or as a string; absent is 0. */
export function readNumber(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return 0;
  return Math.min(Math.max(number, -MOST), MOST);
}

/** A bool; absent is false. */
export function readFlag(value: unknown): boolean {
  return value === true;
}

/** A map of strings; absent is empty. */
export function readStringMap(value: unknown, name: string): Readonly<Record<string, string>> {
  const object = readOptionalObject(value, name) ?? {};
  return Object.fromEntries(
    Object.entries(object).map(([key, text]) => [key, typeof text === "string" ? text : ""]),
  );
}

/** Unix seconds; 0 and Go's zero time (the year 1) are "not set". */
export function readUnixSeconds(value: unknown): Date | undefined {
  const seconds = readNumber(value);
  return seconds > 0 ? validDate(new Date(seconds * 1_000)) : undefined;
}

/** An RFC 3339 time; `null`, empty, and Go's zero time (the year 1) are "not set". */
export function readTime(value: unknown): Date | undefined {
  const text = readText(value);
  const time = text === undefined ? undefined : validDate(new Date(text));
  return time !== undefined && time.getTime() > 0 ? time : undefined;
}

function validDate(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}
