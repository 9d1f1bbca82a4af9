import { join } from "node:path";
import { Random } from "../../tests/soak/random.ts";
import { type CoveringFile, durationOf, measureCoverage } from "./coverage.ts";
import { eachAtOnce } from "./each_at_once.ts";
import { FolderRun } from "./folder_run.ts";
import type { MutatedFolder } from "./folders.ts";
import { FoundMutants } from "./found_mutants.ts";
import type { Mutant } from "./mutant.ts";
import { copyProject, instrumentFolder, testsUnder } from "./project_copy.ts";
import type { Standing } from "./verdicts.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/** How a folder is mutated. */
export interface MutateOptions {
  /** At most so many mutants, drawn at random. */
  readonly sample: number;
  /** Draws the same again. */
  readonly seed: number;
  /** Only files whose path contains this. */
  readonly only: string;
  /** How many processes at once. */
  readonly jobs: number;
  /** Flags of `deno run` by which imports resolve. */
  readonly imports: readonly string[];
  /** File that keeps which mutants were found. */
  readonly foundFile: string;
  /** Whether not to try those again. */
  readonly again: boolean;
  /** Gets what happens. */
  readonly say: (line: string) => Promise<void>;
}

/** All mutants of a folder, and what came of those that were tried. */
export interface MutatedResult {
  /** How many there are. */
  readonly of: number;
  /** Those that were tried. */
  readonly standings: readonly Standing[];
}

/** Tries the mutants of a folder in copies of the project, which are removed. */
export async function mutateFolder(
  { path, tests, inProcesses }: MutatedFolder,
  options: MutateOptions,
): Promise<MutatedResult> {
  const folder = await Deno.makeTempDir({ prefix: "mutation-" });
  const interrupt = () => {
    try {
      Deno.removeSync(folder, { recursive: true });
    } finally {
      // Processes that run tests end when nobody reads their reports.
      Deno.exit(130);
    }
  };
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    const copies = Array.from({ length: options.jobs }, (_, place) => join(folder, `copy${place}`));
    const mutants = await makeCopies(copies, path);
    const eligible = mutants.filter(({ file }) => file.includes(options.only));
    const sample = draw(eligible, options);
    await options.say(`${path}: trying ${sample.length} of ${mutants.length} mutants`);
    const setting = { imports: options.imports, scratch: await Deno.makeTempDir({ dir: folder }) };
    const coverage: CoveringFile[] = [];
    const [first = folder] = copies;
    await eachAtOnce(await testsUnder(first, tests), copies, async (file, copy) => {
      const covering = await measureCoverage(copy, file, setting);
      if (!covering.isComplete) await options.say(`  ${file} did not get to its end`);
      coverage.push(covering);
    });
    const found = await FoundMutants.open(options.foundFile);
    found.retain(mutants);
    const { again, say } = options;
    const ordered = inOrder(coverage, tests);
    const run = new FolderRun({
      copies,
      setting,
      coverage: ordered,
      inProcesses,
      found,
      again,
      say,
    });
    return { of: eligible.length, standings: await run.tryAll(sample) };
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
    await Deno.remove(folder, { recursive: true });
  }
}

async function makeCopies(copies: readonly string[], path: string): Promise<readonly Mutant[]> {
  let mutants: readonly Mutant[] = [];
  for (const copy of copies) {
    await Deno.mkdir(copy);
    await copyProject(copy);
    mutants = await instrumentFolder(copy, path);
  }
  return mutants;
}

/** Draws mutants at random, in the order in which they stand. */
function draw(
  mutants: readonly Mutant[],
  { sample, seed }: { readonly sample: number; readonly seed: number },
): readonly Mutant[] {
  const random = new Random(seed);
  const drawn = mutants.map((mutant) => ({ mutant, at: random.next() }))
    .sort((one, other) => one.at - other.at)
    .slice(0, sample);
  return drawn.map(({ mutant }) => mutant).sort((one, other) => one.id - other.id);
}

/** The rooms in their order, and in each the fastest file first. */
function inOrder(
  coverage: readonly CoveringFile[],
  rooms: readonly string[],
): readonly CoveringFile[] {
  const roomOf = ({ file }: CoveringFile) =>
    rooms.findIndex((room) => file === room || file.startsWith(`${room}/`));
  return coverage.toSorted((one, other) =>
    roomOf(one) - roomOf(other) || durationOf(one) - durationOf(other)
  );
}
