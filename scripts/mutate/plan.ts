import { type CoveringFile, isOwnTest } from "./coverage.ts";
import type { Trial } from "./job.ts";
import type { Mutant } from "./mutant.ts";

/** Tests of one mutant may cost so much together, as {@linkcode Reach} counts. */
const MAX_COST = 4_000;

interface Candidate {
  readonly covering: CoveringFile;
  readonly place: number;
  readonly cost: number;
  /** How many mutants it reaches. */
  readonly breadth: number;
  readonly isOwn: boolean;
}

/**
 * Returns which tests of which file are to try each mutant, if not all can: those of its own file first, then those
 * that reach the fewest mutants, for they are about it.
 */
export function planTrials(
  mutants: readonly Mutant[],
  coverage: readonly CoveringFile[],
): ReadonlyMap<CoveringFile, readonly Trial[]> {
  const plan = new Map(coverage.map((covering): [CoveringFile, Trial[]] => [covering, []]));
  const byMutant = testsByMutant(coverage);
  for (const mutant of mutants) {
    const chosen = chosenOf(mutant, byMutant.get(mutant.id) ?? []);
    for (const [covering, tests] of Map.groupBy(chosen, ({ covering }) => covering)) {
      const places = tests.map(({ place }) => place);
      plan.get(covering)?.push({ mutant: mutant.id, tests: places });
    }
  }
  return plan;
}

type CoveringTest = Omit<Candidate, "isOwn">;

function testsByMutant(
  coverage: readonly CoveringFile[],
): ReadonlyMap<number, readonly CoveringTest[]> {
  const byMutant = new Map<number, CoveringTest[]>();
  for (const covering of coverage) {
    for (const [place, { cost, passed, reached }] of covering.tests.entries()) {
      if (!passed) continue;
      for (const mutant of reached) {
        const known = byMutant.get(mutant);
        const test = { covering, place, cost, breadth: reached.length };
        if (known === undefined) byMutant.set(mutant, [test]);
        else known.push(test);
      }
    }
  }
  return byMutant;
}

function chosenOf(mutant: Mutant, covering: readonly CoveringTest[]): readonly Candidate[] {
  const inOrder = covering
    .map((test) => ({ ...test, isOwn: isOwnTest(test.covering.file, mutant) }))
    .sort((one, other) => Number(other.isOwn) - Number(one.isOwn) || one.breadth - other.breadth);
  const chosen: Candidate[] = [];
  let cost = 0;
  for (const candidate of inOrder) {
    cost += candidate.cost;
    if (chosen.length > 0 && cost > MAX_COST) break;
    chosen.push(candidate);
  }
  return chosen;
}
