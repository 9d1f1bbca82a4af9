/**
 * `make mutation`: changes the source in many small ways, one at a time, and counts how many of the changes some
 * test finds. `scripts/mutate/` does it in copies of the project.
 *
 * ```sh
 * deno run -P=test scripts/mutate.ts [FLAG…]
 * ```
 *
 * Flags are those of `deno run` by which imports resolve: `--import-map`, `--lock`. Variables: ROOMS (folders),
 * MUTANTS (at most so many of each folder), SEED (draws the same again), ONLY (files whose path contains it),
 * JOBS (processes at once), AGAIN=1 (only what was not found before: `dist/mutation/` keeps that).
 *
 * @module
 */
import { staleEntries } from "./mutate/equivalents.ts";
import { mutatedFolders } from "./mutate/folders.ts";
import { mutateFolder } from "./mutate/mutate_folder.ts";
import { merged, summarize, type Summary } from "./mutate/summary.ts";
import { print } from "./print.ts";
import { mutationReport } from "./quality/mutation_block.ts";
import { numberFrom } from "./variables.ts";

/** Each folder's tests have to find at least this percentage. */
const LEAST = 85;

const rooms = words("ROOMS");
const sample = numberFrom("MUTANTS", Infinity);
const seed = numberFrom("SEED", Date.now() % 1_000_000);
const only = Deno.env.get("ONLY") ?? "";
const options = {
  sample,
  seed,
  only,
  again: numberFrom("AGAIN", 0) !== 0,
  jobs: numberFrom("JOBS", 2),
  imports: Deno.args,
  say: print,
};
const unknown = rooms.find((room) => !mutatedFolders.some(({ path }) => path === room));
if (unknown !== undefined) {
  const known = mutatedFolders.map(({ path }) => path).join(", ");
  throw new Error(`Cannot mutate ${unknown}: it is none of ${known}`);
}

const summaries: Summary[] = [];
const stale: string[] = [];
for (const folder of mutatedFolders) {
  if (rooms.length > 0 && !rooms.includes(folder.path)) continue;
  const foundFile = `dist/mutation/${folder.path.replaceAll("/", "-")}.json`;
  const { of, standings } = await mutateFolder(folder, { ...options, foundFile });
  const summary = summarize(folder.path, standings, { of, seed });
  summaries.push(summary);
  if (only === "" && standings.length === of) stale.push(...staleEntries(folder.path, standings));
  await print(`${folder.path}: ${summary.score} % (of ${summary.mutants})`);
}
for (const line of stale) await print(`Stale in equivalents.ts: ${line}`);
// What is true of some files is not true of their folder.
if (only === "") await keepSummaries(summaries);
const isEnough = summaries.every(({ score, margin }) => score + margin >= LEAST);
Deno.exit(isEnough && stale.length === 0 ? 0 : 1);

/** Writes what came of folders; others keep what came of them last. */
async function keepSummaries(summaries: readonly Summary[]): Promise<void> {
  await Deno.mkdir("dist", { recursive: true });
  const before = await Deno.readTextFile("dist/mutation.json").catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "[]";
    throw error;
  });
  const all = merged(mutationReport.parse(JSON.parse(before)), summaries);
  await Deno.writeTextFile("dist/mutation.json", `${JSON.stringify(all, undefined, 2)}\n`);
}

function words(variable: string): readonly string[] {
  return (Deno.env.get(variable) ?? "").split(" ").filter((word) => word !== "");
}
