/**
 * Arguments that are too many to be held to a schema: each member costs a check and each fault an error,
 * which would hold up all other calls.
 *
 * @module
 */
import { isObject } from "../json.ts";

/** In one list or object. */
export const MAX_MEMBERS = 2_000;
/** In all of them. */
const MAX_VALUES = 50_000;

/** Returns what is too large, as a line with its path, or nothing. */
export function tooMany(input: unknown): string | undefined {
  let values = 0;
  return faultIn(input, "arguments");

  function faultIn(value: unknown, path: string): string | undefined {
    const count = membersOf(value);
    if (count === 0) return undefined;
    values += count;
    if (count > MAX_MEMBERS) return `${path}: expected at most 2,000 members, got ${count}`;
    if (values > MAX_VALUES) return "arguments: expected at most 50,000 values in all";
    for (const [name, member] of Object.entries(Object(value))) {
      if (typeof member !== "object") continue;
      const below = path === "arguments" ? name : `${path}.${name}`;
      const fault = faultIn(member, below.slice(0, MAX_PATH_CHARS));
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

const MAX_PATH_CHARS = 200;

/** How many members a list or an object has; of a text and the like, none. */
export function membersOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}
