import { type CoveringFile, reaches } from "./coverage.ts";
import { eachAtOnce } from "./each_at_once.ts";
import type { InProcesses } from "./folders.ts";
import type { FoundMutants } from "./found_mutants.ts";
import type { Mutant } from "./mutant.ts";
import { planTrials } from "./plan.ts";
import { tryTogether } from "./shared_trials.ts";
import { needsOwnProcess, tryAlone } from "./single_trials.ts";
import { describeSurvivors } from "./summary.ts";
import type { TestSetting } from "./test_process.ts";
import { isAlive, type Standing } from "./verdicts.ts";

/** What a run has. */
export interface FolderRunOptions {
  /** Copies of the project: as many processes run at once. */
  readonly copies: readonly string[];
  /** How tests are run. */
  readonly setting: TestSetting;
  /** Files of tests, in the order in which they are to run. */
  readonly coverage: readonly CoveringFile[];
  /** What runs only in processes that tests start. */
  readonly inProcesses: InProcesses | undefined;
  /** Keeps what is found as soon as it is. */
  readonly found: FoundMutants;
  /** Whether to take what was found before as found. */
  readonly again: boolean;
  /** Gets what happens. */
  readonly say: (line: string) => Promise<void>;
}

/** Tries mutants of a folder. */
export class FolderRun {
  readonly #options: FolderRunOptions;

  constructor(options: FolderRunOptions) {
    this.#options = options;
  }

  /** Returns what came of mutants; says which ones live as soon as that is known. */
  async tryAll(mutants: readonly Mutant[]): Promise<readonly Standing[]> {
    const { copies, setting, coverage, inProcesses, found, say } = this.#options;
    const standings = new Map(
      mutants.map((mutant): [number, Standing] => [mutant.id, this.#atFirst(mutant)]),
    );
    const all = [...standings.values()];
    await this.#sayReach(all);
    const open = all.filter(isAlive);
    const plan = planTrials(open.map(({ mutant }) => mutant), coverage);
    const left = new Map(open.map(({ mutant }) => [mutant.id, 0]));
    for (const trials of plan.values()) {
      for (const { mutant } of trials) left.set(mutant, (left.get(mutant) ?? 0) + 1);
    }
    const isForOne = (standing: Standing) => needsOwnProcess(standing, coverage, inProcesses);
    const isOver = (standing: Standing) =>
      left.get(standing.mutant.id) === 0 && !isForOne(standing);
    await this.#settle(open.filter(isOver));
    await eachAtOnce(plan, copies, async ([file, trials], copy) => {
      const tried = trials.flatMap(({ mutant }) => standings.get(mutant) ?? []);
      await tryTogether(copy, file, trials, standings, setting, () => found.note(tried, false));
      for (const { mutant: { id } } of tried) left.set(id, (left.get(id) ?? 0) - 1);
      await this.#settle(tried.filter(isOver));
    });
    const alone = open.filter(isForOne);
    await say(
      `  ${all.filter((standing) => !isAlive(standing)).length} found; ` +
        `${alone.length} more get a process of their own`,
    );
    const passing = new Set<string>();
    await eachAtOnce(alone, copies, async (standing, copy) => {
      await tryAlone(copy, standing, coverage, setting, passing, inProcesses);
      await this.#settle([standing]);
    });
    return all;
  }

  #atFirst(mutant: Mutant): Standing {
    const { coverage, found, again } = this.#options;
    const isReached = coverage.some((file) => reaches(file, mutant.id));
    const verdict = again && found.has(mutant) ? "killed" : isReached ? "survived" : "uncovered";
    return { mutant, verdict, wasReached: false };
  }

  async #sayReach(all: readonly Standing[]): Promise<void> {
    const { coverage, say } = this.#options;
    const failing = coverage.flatMap(({ tests }) => tests).filter(({ passed }) => !passed);
    const before = all.filter((standing) => !isAlive(standing)).length;
    const uncovered = all.filter(({ verdict }) => verdict === "uncovered").length;
    await say(
      `  ${coverage.length} files of tests, ${failing.length} tests not run or failing; ` +
        `${before} mutants found before, ${uncovered} that no test reaches`,
    );
  }

  async #settle(standings: readonly Standing[]): Promise<void> {
    await this.#options.found.note(standings, true);
    for (const line of describeSurvivors(standings)) await this.#options.say(`  ${line}`);
  }
}
