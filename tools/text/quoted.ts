import { parseSize } from "../../client/internal.ts";
import { visible } from "./visible.ts";

/** More of a name than this is not shown in a question. */
const MAX_CHARS = 200;

/**
 * A name from outside, as a question shows it: between quotes that it cannot end, so that what
 * others chose cannot pass for our own words.
 */
export function quoted(name: string): string {
  const isLong = name.length > MAX_CHARS;
  const shown = visible(isLong ? name.slice(0, MAX_CHARS) : name);
  return `"${shown.replaceAll('"', "\\u{22}")}${isLong ? "…" : ""}"`;
}

/**
 * A container's disk in a question: `its 50GB disk`. Whoever sets the device writes its size, so that what
 * is not a size is quoted.
 */
export function diskOf({ disk }: { readonly disk?: string | undefined }): string {
  return disk === undefined ? "its disk" : `its ${sizeOf(disk)} disk`;
}

/** A size as a question shows it. */
export function sizeOf(size: string): string {
  return parseSize(size) === undefined ? quoted(size) : size;
}
