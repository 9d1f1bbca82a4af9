/** Which targets `make bench` found to hold, as a page shows it. @module */
import { z } from "zod";
import { markdownTable, paragraph } from "../markdown.ts";

const target = z.object({
  what: z.string(),
  bound: z.string(),
  limit: z.number(),
  found: z.number().nullable(),
  holds: z.boolean().nullable(),
});

/** `dist/bench.json`. */
export const benchReport = z.object({
  at: z.string(),
  machine: z.string(),
  mode: z.string(),
  isComplete: z.boolean().optional(),
  targets: z.array(target),
});

/** Returns it as Markdown; `undefined` if it is not of a full run, whose figures a page keeps. */
export function benchBlock(
  { at, machine, mode, isComplete, targets }: z.infer<typeof benchReport>,
): string | undefined {
  if (isComplete === false) return undefined;
  return [
    paragraph(`On ${at.slice(0, 10)} (${machine}, ${mode}):`),
    markdownTable([
      ["Figure", "Found", "Target", "Reached"],
      ...targets.map(({ what, bound, limit, found, holds }) => [
        what,
        found === null ? "–" : found.toLocaleString("en", { maximumSignificantDigits: 3 }),
        `${bound} ${limit.toLocaleString("en")}`,
        holds === null ? "not measured" : holds ? "yes" : "no",
      ]),
    ]),
  ].join("\n");
}
