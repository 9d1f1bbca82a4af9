import type { Mutant } from "./mutant.ts";

/** What became of a mutant. */
export type Verdict = "killed" | "timed out" | "survived" | "uncovered";

/** What is known of a mutant so far. */
export interface Standing {
  /** The mutant. */
  readonly mutant: Mutant;
  /** What became of it. */
  verdict: Verdict;
  /** Whether it was active where its code ran. */
  wasReached: boolean;
}

/** Returns whether no test has found it yet. */
export function isAlive({ verdict }: Standing): boolean {
  return verdict === "survived" || verdict === "uncovered";
}
