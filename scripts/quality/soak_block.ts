/** What `make soak` counted, as a page shows it. @module */
import { z } from "zod";
import { markdownTable, paragraph } from "../markdown.ts";

const counts = z.record(z.string(), z.number());

/** `dist/soak.json`. */
export const soakFigures = z.object({
  date: z.string(),
  seed: z.number(),
  seconds: z.number(),
  servers: z.number(),
  requests: z.object({ clients: z.number(), daemon: z.number() }),
  calls: z.number(),
  canceled: z.number(),
  recordEntries: z.number(),
  searchedCharacters: z.number(),
  slowestExitMs: z.number(),
  memoryMiB: z.tuple([z.number(), z.number()]),
  answers: counts,
  faults: counts,
  inputs: counts,
  findings: z.array(z.string()),
});

/** What a soak counted. */
export type SoakFigures = z.infer<typeof soakFigures>;

/** Returns it as Markdown. */
export function soakBlock(figures: SoakFigures): string {
  const { requests, findings, memoryMiB: [first, last] } = figures;
  const found = findings.length === 0
    ? "nothing was wrong"
    : `${findings.length} things were wrong`;
  return [
    paragraph(
      `On ${figures.date}, in ${figures.seconds} seconds (seed ${figures.seed}), ${figures.servers} servers ` +
        `answered ${formatted(requests.clients)} requests, for which the daemon got ` +
        `${formatted(requests.daemon)}: ${found}. The record had ${
          formatted(figures.recordEntries)
        } entries, ${
          formatted(figures.searchedCharacters)
        } characters were searched for secrets, the ` +
        `slowest server took ${
          formatted(figures.slowestExitMs)
        } ms to end, and the one that stayed used ` +
        `${first} MiB at first and ${last} MiB at the end.`,
    ),
    tableOf("Fault", renamed(figures.faults)),
    tableOf("Input", figures.inputs),
  ].join("\n");
}

/** The words of the simulator, where others do not know them. */
const names: Readonly<Record<string, string>> = {
  "invalid-json": "response that is not JSON",
  latency: "late response",
  oversized: "response above the limit",
  redirect: "redirect to another address",
  "reset after-read": "connection reset after the request was read",
  "reset before-read": "connection reset before the request was read",
  "slow-body": "body that takes its time",
  truncated: "response cut off",
};

function renamed(faults: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(faults).map(([name, times]) => [names[name] ?? name, times]),
  );
}

function tableOf(what: string, rows: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(rows).toSorted(([, one], [, other]) => other - one);
  return markdownTable([
    [what, "Times"],
    ...sorted.map(([name, times]) => [name, formatted(times)]),
  ]);
}

function formatted(count: number): string {
  return count.toLocaleString("en");
}
