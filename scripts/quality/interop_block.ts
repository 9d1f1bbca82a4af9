/** What `make interop` tried with which client, as a page shows it. @module */
import { z } from "zod";
import { markdownTable } from "../markdown.ts";

const outcome = z.enum(["works", "not offered by the client", "fails"]);

/** `dist/interop.json`. */
export const interopReport = z.object({
  date: z.string(),
  results: z.array(z.object({
    client: z.string(),
    version: z.string(),
    revision: z.string(),
    result: outcome,
  })),
});

/** Returns it as Markdown. */
export function interopBlock({ date, results }: z.infer<typeof interopReport>): string {
  const clients = Map.groupBy(results, ({ client, version }) => `${client} ${version}`);
  return markdownTable([
    ["Client", "Revisions", "Tried", "Work", "Not offered by the client", "Fail", "Date"],
    ...[...clients].map(([client, tried]) => {
      const count = (wanted: z.infer<typeof outcome>) =>
        tried.filter(({ result }) => result === wanted).length.toLocaleString("en");
      return [
        client,
        [...new Set(tried.map(({ revision }) => revision))].join(", "),
        tried.length.toLocaleString("en"),
        count("works"),
        count("not offered by the client"),
        count("fails"),
        date,
      ];
    }),
  ]);
}
