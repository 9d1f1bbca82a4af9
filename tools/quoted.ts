import { visible } from "./visible.ts";

/** More of a name than this is not shown in a question. */
const MOST_CHARACTERS = 200;

/**
 * A name from outside, as a question shows it: between quotes that it cannot end, so that what
 * others chose cannot pass for our own words.
 */
export function quoted(name: string): string {
  const isLong = name.length > MOST_CHARACTERS;
  const shown = visible(isLong ? name.slice(0, MOST_CHARACTERS) : name);
  return `"${shown.replaceAll('"', "\\u{22}")}${isLong ? "…" : ""}"`;
}
