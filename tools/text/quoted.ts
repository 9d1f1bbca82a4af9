import { parseSize, visible } from "../../client/internal.ts";

/** Maximum length of a name in a question. */
const MAX_CHARS = 200;

/**
 * Returns a name from outside as a question shows it: in quotes that it cannot close, so that it cannot
 * pass for this server's words.
 *
 * @param maxChars Maximum length
 */
export function quoted(name: string, maxChars = MAX_CHARS): string {
  const isLong = name.length > maxChars;
  const shown = visible(isLong ? name.slice(0, maxChars) : name);
  return `"${shown.replaceAll('"', "\\u{22}")}${isLong ? "…" : ""}"`;
}

/**
 * Returns a container's disk for a question: `its 50GB disk`. Anything that is not a size is quoted: it is
 * text from outside.
 */
export function diskOf({ disk }: { readonly disk?: string | undefined }): string {
  return disk === undefined ? "its disk" : `its ${sizeOf(disk)} disk`;
}

/** Returns a size as a question shows it. */
export function sizeOf(size: string): string {
  return parseSize(size) === undefined ? quoted(size) : size;
}
