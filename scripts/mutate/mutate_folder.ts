import { join } from "node:path";
import { Random } from "../../tests/soak/random.ts";
import { type CoveringFile, durationOf, measureCoverage, reaches } from "./coverage.ts";
import type { MutatedFolder } from "./folders.ts";
import type { Mutant } from "./mutant.ts";
import { planTrials } from "./plan.ts";
import { copyProject, instrumentFolder, testsUnder } from "./project_copy.ts";
import { tryTogether } from "./shared_trials.ts";
import { needsOwnProcess, tryAlone } from "./single_trials.ts";
import type { TestSetting } from "./test_process.ts";
import { isAlive, type Standing } from "./verdicts.ts";

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
  { path, tests }: MutatedFolder,
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
    const run = new FolderRun(copies, setting, inOrder(coverage, tests), options);
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

class FolderRun {
  readonly #copies: readonly string[];
  readonly #setting: TestSetting;
  readonly #coverage: readonly CoveringFile[];
  readonly #options: MutateOptions;

  constructor(
    copies: readonly string[],
    setting: TestSetting,
    coverage: readonly CoveringFile[],
    options: MutateOptions,
  ) {
    this.#copies = copies;
    this.#setting = setting;
    this.#coverage = coverage;
    this.#options = options;
  }

  async tryAll(mutants: readonly Mutant[]): Promise<readonly Standing[]> {
    const { say } = this.#options;
    const standings = new Map(mutants.map((mutant): [number, Standing] => [mutant.id, {
      mutant,
      verdict: this.#coverage.some((file) => reaches(file, mutant.id)) ? "survived" : "uncovered",
      wasReached: false,
    }]));
    const failing = this.#coverage.flatMap(({ tests }) => tests).filter(({ passed }) => !passed);
    const all = [...standings.values()];
    await say(
      `  ${this.#coverage.length} files of tests, ${failing.length} tests not run or failing; ` +
        `${
          all.filter(({ verdict }) => verdict === "uncovered").length
        } mutants that no test reaches`,
    );
    await eachAtOnce(planTrials(mutants, this.#coverage), this.#copies, async (planned, copy) => {
      const [file, trials] = planned;
      await tryTogether(copy, file, trials, standings, this.#setting);
    });
    const left = all.filter((standing) => needsOwnProcess(standing, this.#coverage));
    await say(
      `  ${all.filter((standing) => !isAlive(standing)).length} found; ` +
        `${left.length} more get a process of their own`,
    );
    const passing = new Map<string, boolean>();
    await eachAtOnce(left, this.#copies, async (standing, copy) => {
      await tryAlone(copy, standing, this.#coverage, this.#setting, passing);
    });
    return all;
  }
}

/** Takes one thing after the other, as many at once as there are copies. */
async function eachAtOnce<T>(
  things: Iterable<T>,
  copies: readonly string[],
  work: (thing: T, copy: string) => Promise<void>,
): Promise<void> {
  const rest = Iterator.from(things);
  await Promise.all(copies.map(async (copy) => {
    for (const thing of rest) await work(thing, copy);
  }));
}
