/** What `make interop` tried with which client, as a page shows it. @module */
import { z } from "zod";
import { markdownTable } from "../markdown.ts";

const outcome = z.enum(["works", "not offered by the client", "fails"]);

/** `dist/interop.json`. */
export const interopReport = z.object({
  results: z.array(z.object({
    client: z.string(),
    version: z.string(),
    revision: z.string(),
    result: outcome,
    /** Whether it fails, and a note says why. */
    known: z.boolean().optional(),
    date: z.string(),
  })),
});

/** Returns it as Markdown. */
export function interopBlock({ results }: z.infer<typeof interopReport>): string {
  const clients = Map.groupBy(results, ({ client, version }) => `${client} ${version}`);
  return markdownTable([
    ["Client", "Revisions", "Tried", "Work", "Not offered", "Known to fail", "Fail", "Date"],
    ...[...clients].map(([client, tried]) => {
      const count = (wanted: z.infer<typeof outcome>, isKnown = false) =>
        tried.filter(({ result, known = false }) => result === wanted && known === isKnown).length
          .toLocaleString("en");
      return [
        client,
        [...new Set(tried.map(({ revision }) => revision))].join(", "),
        tried.length.toLocaleString("en"),
        count("works"),
        count("not offered by the client"),
        count("fails", true),
        count("fails"),
        [...new Set(tried.map(({ date }) => date))].join(", "),
      ];
    }),
  ]);
}
