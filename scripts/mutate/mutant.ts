/** One change of one place in the source. */
export interface Mutant {
  /** Number of its switch, from 1. */
  readonly id: number;
  /** The same in each run, as long as the file is as it is. */
  readonly key: string;
  /** Path of the file, from the project's root. */
  readonly file: string;
  /** Line in the file as it is. */
  readonly line: number;
  /** Name of the operator, as in StrykerJS. */
  readonly operator: string;
  /** What stands in the source, on one line. */
  readonly original: string;
  /** What the mutant has in its place. */
  readonly mutation: string;
}

/** A change before it has a number. */
export interface Change {
  /** Name of the operator, as in StrykerJS. */
  readonly operator: string;
  /** Source text in place of the node's. */
  readonly text: string;
}

/** Puts source text on one line. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
