/** What `make mutation` counted, as a page shows it. @module */
import { z } from "zod";
import { markdownTable } from "../markdown.ts";

/** `dist/mutation.json`. */
export const mutationReport = z.array(z.object({
  folder: z.string(),
  mutants: z.number(),
  killed: z.number(),
  survived: z.number(),
  justified: z.number(),
  timedOut: z.number(),
  score: z.number(),
  seed: z.number().nullish(),
  date: z.string(),
}));

/** Returns it as Markdown. */
export function mutationBlock(folders: z.infer<typeof mutationReport>): string {
  return markdownTable([
    ["Folder", "Mutants tried", "Found", "Not found", "Justified", "Score", "Date"],
    ...folders.map(({ folder, mutants, killed, timedOut, survived, justified, score, date }) => [
      `\`${folder}/\``,
      ...[mutants, killed + timedOut, survived, justified].map((count) =>
        count.toLocaleString("en")
      ),
      `${Math.round(score)} %`,
      date,
    ]),
  ]);
}
