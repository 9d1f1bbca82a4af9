/** What `make mutation` counted, as a page shows it. @module */
import { z } from "zod";
import { markdownTable } from "../markdown.ts";
import type { Summary } from "../mutate/summary.ts";

/** `dist/mutation.json`. */
export const mutationReport: z.ZodType<readonly Summary[]> = z.array(z.object({
  folder: z.string(),
  mutants: z.number(),
  killed: z.number(),
  survived: z.number(),
  justified: z.number(),
  timedOut: z.number(),
  score: z.number(),
  margin: z.number(),
  of: z.number(),
  seed: z.number(),
  date: z.string(),
}));

/** Returns it as Markdown. */
export function mutationBlock(folders: readonly Summary[]): string {
  return markdownTable([
    ["Folder", "Mutants", "Tried", "Found", "Not found", "Justified", "Score", "Date"],
    ...folders.map((summary) => [
      `\`${summary.folder}/\``,
      ...counts(summary).map((count) => count.toLocaleString("en")),
      `${summary.score} %${summary.margin === 0 ? "" : ` ± ${summary.margin}`}`,
      summary.date,
    ]),
  ]);
}

function counts(
  { of, mutants, killed, timedOut, survived, justified }: Summary,
): readonly number[] {
  return [of, mutants, killed + timedOut, survived, justified];
}
