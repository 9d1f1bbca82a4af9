/** What a part of the benchmark returns. @module */

/** A cell: a number with its own precision, a text, or nothing measured. */
export type Cell = number | string | undefined;

/** A table of figures. */
export interface Table {
  /** What it shows. */
  readonly title: string;
  /** Heads of its columns; the first is that of the rows' names. */
  readonly columns: readonly string[];
  /** Rows, each with its name first. */
  readonly rows: readonly (readonly [string, ...Cell[]])[];
}

/** What a figure should be. */
export interface Target {
  /** What is measured, with its unit. */
  readonly what: string;
  /** The figure; `undefined` where it could not be measured. */
  readonly found: number | undefined;
  /** Whether the bound is the most or the least. */
  readonly bound: "at most" | "at least";
  /** The bound. */
  readonly limit: number;
}

/** The figures of one part. */
export interface Section {
  /** Tables in order. */
  readonly tables: readonly Table[];
  /** Targets that its figures should meet. */
  readonly targets: readonly Target[];
  /** What was not measured, and why. */
  readonly notes: readonly string[];
}

/** Figures of a part that was not measured. */
export const nothing: Section = { tables: [], targets: [], notes: [] };

/** Returns whether a figure is within its bound; `undefined` if there is no figure, or none that is a number. */
export function holds({ found, bound, limit }: Target): boolean | undefined {
  if (found === undefined || !Number.isFinite(found)) return undefined;
  return bound === "at most" ? found <= limit : found >= limit;
}
