/**
 * `docs/quality.md`: running this puts what `make soak`, `make interop`, `make bench` and `make mutation` left in
 * `dist/` between the page's markers. What is not there keeps its last figures.
 *
 * @module
 */
import type { z } from "zod";
import { between } from "./markdown.ts";
import { benchBlock, benchReport } from "./quality/bench_block.ts";
import { interopBlock, interopReport } from "./quality/interop_block.ts";
import { countLayers, layersBlock } from "./quality/layers.ts";
import { mutationBlock, mutationReport } from "./quality/mutation_block.ts";
import { soakBlock, soakFigures } from "./quality/soak_block.ts";

const root = new URL("../", import.meta.url);
const pageUrl = new URL("docs/quality.md", root);

/** What a run leaves in a file, and how a page shows it. */
interface Source {
  readonly name: string;
  /** Returns what the page shows of a file's JSON; `undefined` if it keeps what it has. */
  readonly show: (json: unknown) => string | undefined;
}

function source<Report>(
  name: string,
  report: z.ZodType<Report>,
  show: (report: Report) => string | undefined,
): Source {
  return { name, show: (json) => show(report.parse(json)) };
}

/** Each has a file `dist/NAME.json`, and a part of the page between markers of that name. */
export const sources: readonly Source[] = [
  source("soak", soakFigures, soakBlock),
  source("interop", interopReport, interopBlock),
  source("bench", benchReport, benchBlock),
  source("mutation", mutationReport, mutationBlock),
];

/** Returns the page with a part for each report that there is. */
export function withReports(page: string, reports: ReadonlyMap<string, unknown>): string {
  return sources.reduce((text, { name, show }) => {
    const shown = reports.has(name) ? show(reports.get(name)) : undefined;
    return shown === undefined ? text : between(text, name, shown);
  }, page);
}

async function readReports(): Promise<ReadonlyMap<string, unknown>> {
  const reports = new Map<string, unknown>();
  for (const { name } of sources) {
    try {
      const json = await Deno.readTextFile(new URL(`dist/${name}.json`, root));
      reports.set(name, JSON.parse(json));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return reports;
}

if (import.meta.main) {
  const page = await Deno.readTextFile(pageUrl);
  const layers = layersBlock(await countLayers(root));
  const updated = withReports(between(page, "layers", layers), await readReports());
  if (updated !== page) await Deno.writeTextFile(pageUrl, updated);
}
