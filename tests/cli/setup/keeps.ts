import { assert } from "@std/assert";

/** Checks that a text is the old one with something inserted in at most two places. */
export function assertKeeps(edited: string, old: string): void {
  const most = Math.min(old.length, edited.length);
  let start = 0;
  while (start < most && old[start] === edited[start]) start++;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === edited.at(-1 - end)) end++;
  const between = edited.slice(start, edited.length - end);
  assert(
    between.includes(old.slice(start, old.length - end)),
    `Not kept:\n${old}\nbut:\n${edited}`,
  );
}
