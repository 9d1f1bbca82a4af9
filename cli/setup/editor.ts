/**
 * What the editors of all languages share.
 *
 * @module
 */

/** Language of a configuration file. */
export type Language = "json" | "jsonc" | "toml" | "yaml";

/** A value and where it belongs: under keys, or in the list under them, by a field that tells items apart. */
export interface Placed {
  /** Keys from the top of the file. For an item of a list, those of the list. */
  readonly keys: readonly string[];
  /** The field by which the item of a list is found. Absent: the value stands under the keys. */
  readonly by?: string | undefined;
  /** What belongs there. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** How one language is edited. */
export interface Editor {
  /** Returns the data in a text; throws if it is not valid. */
  readonly parse: (text: string) => unknown;
  /** Returns the text with a value put in its place; throws if it cannot be. */
  readonly put: (text: string, placed: Placed) => string;
  /** Whether a new item of a list comes before the others. */
  readonly addsInFront?: true | undefined;
}

/** Returns whether something is an object with keys. */
export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data) &&
    !(data instanceof Date);
}

/** Returns a function that tells whether an item of a list is the one to be put there. */
export function isSameItem({ by = "", value }: Placed): (item: unknown) => boolean {
  return (item) => isRecord(item) && item[by] === value[by];
}

/** Returns the line end that a text uses. */
export function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** Returns one level of indentation as a text uses it. */
export function indentOf(text: string): string {
  const [, first = "  "] = /^([ \t]+)[^ \t\r\n]/m.exec(text) ?? [];
  return first.startsWith("\t") ? "\t" : first;
}

/** Returns the white space that the line around an offset starts with. */
export function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** Returns a text with a part of it replaced. */
export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
