import { type CoveringFile, idlePatience, patience } from "./coverage.ts";
import type { Report, Trial } from "./job.ts";
import { runJob, type TestSetting } from "./test_process.ts";
import { isAlive, type Standing } from "./verdicts.ts";

/**
 * Tries the mutants of a file of tests that nothing has found yet, many in a process.
 *
 * @param afterProcess Called when one has ended
 */
export async function tryTogether(
  copy: string,
  covering: CoveringFile,
  planned: readonly Trial[],
  standings: ReadonlyMap<number, Standing>,
  setting: TestSetting,
  afterProcess: () => Promise<void>,
): Promise<void> {
  const { file, tests } = covering;
  const idleMs = tests.map(({ ms }) => idlePatience(ms));
  let trials = planned.filter(({ mutant }) => isOpen(standings, mutant));
  while (trials.length > 0) {
    const run = new SharedRun(covering, standings);
    const ending = await runJob(
      copy,
      { file, trials, idleMs },
      setting,
      (report) => run.hear(report),
    );
    run.end(ending === "hung");
    await afterProcess();
    if (run.decided.size === 0) return;
    trials = trials.filter(({ mutant }) => !run.decided.has(mutant) && isOpen(standings, mutant));
  }
}

function isOpen(standings: ReadonlyMap<number, Standing>, mutant: number): boolean {
  const standing = standings.get(mutant);
  return standing !== undefined && isAlive(standing);
}

/** One process, in which mutants are tried one after the other. */
class SharedRun {
  /** What needs not be tried again with this file. */
  readonly decided = new Set<number>();
  readonly #covering: CoveringFile;
  readonly #standings: ReadonlyMap<number, Standing>;
  #current: number | undefined;

  constructor(covering: CoveringFile, standings: ReadonlyMap<number, Standing>) {
    this.#covering = covering;
    this.#standings = standings;
  }

  hear(report: Report): number {
    switch (report.kind) {
      case "testing":
        this.#current = report.mutant;
        return patience(this.#covering.tests[report.test]?.ms ?? 0);
      case "killed":
        this.#decide(report.mutant, "killed");
        break;
      case "hung":
        this.#decide(report.mutant, "timed out");
        break;
      case "survived":
        this.#survive(report.mutant, report.reached);
        break;
      case "poisoned":
        // What others left behind may have failed the test: only the first in a process is judged by it.
        if (this.decided.size === 0) this.#decide(report.mutant, "killed");
        this.#current = undefined;
        break;
      case "loaded":
      case "reach":
        break;
    }
    return patience(10_000);
  }

  end(hung: boolean): void {
    if (this.#current !== undefined) this.#decide(this.#current, hung ? "timed out" : "killed");
  }

  #decide(mutant: number, verdict: "killed" | "timed out"): void {
    this.#current = undefined;
    this.decided.add(mutant);
    const standing = this.#standings.get(mutant);
    if (standing !== undefined) standing.verdict = verdict;
  }

  #survive(mutant: number, reached: boolean): void {
    this.#current = undefined;
    this.decided.add(mutant);
    const standing = this.#standings.get(mutant);
    if (standing !== undefined) standing.wasReached ||= reached;
  }
}
