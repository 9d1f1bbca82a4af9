/** Tables for a terminal. @module */
import { visible } from "../client/internal.ts";

/** How a column is aligned. */
export type Align = "left" | "right";

/**
 * Returns rows under their headings, in columns as wide as what is in them. Hidden characters are made
 * visible.
 *
 * @param align By column. @default {"left"}
 */
export async function tableOf(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const table = new Table({
    head: [...headings],
    colAligns: headings.map((_, at) => align[at] ?? "left"),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    chars: { ...noLines, middle: "  " },
  });
  for (const row of rows) table.push(row.map((cell) => visible(cell)));
  return table.toString().split("\n").map((line) => line.trimEnd()).join("\n");
}

const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
};
