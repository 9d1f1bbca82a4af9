/** Reads a record of changes, as a reader of one has to. @module */
import { assert } from "@std/assert";
import type { RecordEntry } from "../mod.ts";

/** The start of each entry. In the middle of one, quotes are escaped. */
const START = '{"time":"';
const MAX_LINE_CHARS = 16_000;

/** Returns the entries of a record; a fragment, which a full disk leaves, is skipped. */
export function readRecord(text: string): RecordEntry[] {
  return text.split("\n").flatMap((line) => {
    assert(line.length <= MAX_LINE_CHARS, `a line of ${line.length} characters`);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/.test(line), line);
    const start = line.lastIndexOf(START);
    if (start === -1) return [];
    try {
      return [JSON.parse(line.slice(start))];
    } catch {
      return [];
    }
  });
}

/** Returns what became of each call, in the order in which they began: `delete_container: begun, ok`. */
export function storiesIn(entries: readonly RecordEntry[]): readonly string[] {
  const stories = new Map<string, string[]>();
  for (const { call, tool, event, outcome } of entries) {
    const story = stories.get(call) ?? [];
    stories.set(call, [...story, ...(story.length === 0 ? [`${tool}:`] : []), outcome ?? event]);
  }
  return [...stories.values()].map((story) => story.join(" "));
}
