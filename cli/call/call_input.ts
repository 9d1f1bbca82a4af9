import { Utf8Decoder } from "../../client/internal.ts";
import type { JsonObject } from "../../client/mod.ts";
import { UsageError } from "../usage_error.ts";

const MAX_INPUT_CHARS = 4_000_000;

/**
 * Reads the arguments of a call: `KEY=VALUE` each, or one JSON object. How a value is meant (a number, a
 * list) is for the same place to find out that reads a model's arguments. A key that comes twice is a list.
 *
 * @param readInput Reads JSON from stdin, for `-`
 * @throws {UsageError} If they are neither
 */
export async function readCallInput(
  words: readonly string[],
  readInput: () => Promise<string>,
): Promise<JsonObject> {
  const [first, ...others] = words;
  if (first === "-" || first?.trimStart().startsWith("{")) {
    if (others.length > 0) {
      throw new UsageError("The arguments are one JSON object, or KEY=VALUE each, not both");
    }
    return objectIn(first === "-" ? await readInput() : first);
  }
  const values = new Map<string, readonly string[]>();
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) {
      throw new UsageError(
        "An argument is not KEY=VALUE: write username=alice, or all of them as one JSON object",
      );
    }
    const key = word.slice(0, at);
    values.set(key, [...values.get(key) ?? [], word.slice(at + 1)]);
  }
  return Object.fromEntries(
    [...values].map(([key, [value = "", ...more]]) => [
      key,
      more.length === 0 ? value : [value, ...more],
    ]),
  );
}

function objectIn(text: string): JsonObject {
  const value = parsed(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  // Not quoted: it may hold a secret.
  throw new UsageError('The arguments are no JSON object; write {"username": "alice"}');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the whole of an input as text.
 *
 * @throws {UsageError} If it is too long
 */
export async function textOf(input: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new Utf8Decoder();
  let text = "";
  for await (const bytes of input) {
    text += decoder.push(bytes);
    if (text.length > MAX_INPUT_CHARS) {
      throw new UsageError(`The arguments on stdin have more than ${MAX_INPUT_CHARS} characters`);
    }
  }
  return text + decoder.end();
}
