/**
 * What the tester and the processes that run tests say to each other.
 *
 * @module
 */

/** A mutant, and the tests of a file that are to find it. */
export interface Trial {
  /** The mutant. */
  readonly mutant: number;
  /** Places of the tests in their file, in the order to run them. */
  readonly tests: readonly number[];
}

/** What a process does with a file of tests. */
export interface Job {
  /** URL of the file. */
  readonly file: string;
  /** What to try; absent: run each test, and note which mutants it reaches. */
  readonly trials?: readonly Trial[];
  /** How many milliseconds each test of the file may do nothing at all. */
  readonly idleMs?: readonly number[];
}

/** A test, and which mutants it reaches. */
export interface Reach {
  /** How long it took. */
  readonly ms: number;
  /** What it costs to run it again: CPU time, and a little for the time that it waits. */
  readonly cost: number;
  /** Whether it passed. A test that does not, or that is not run, finds nothing. */
  readonly passed: boolean;
  /** Mutants that it reached. */
  readonly reached: readonly number[];
}

/** What a process reports, a line each. */
export type Report =
  /** Loading the file, before any test. */
  | { readonly kind: "loaded"; readonly reached: readonly number[] }
  | ({ readonly kind: "reach" } & Reach)
  /** A test begins. */
  | { readonly kind: "testing"; readonly test: number; readonly mutant?: number }
  /** `test` is the one that failed. */
  | { readonly kind: "killed"; readonly mutant: number; readonly test: number }
  /** Not reached: what it changes was evaluated once for all tests. */
  | { readonly kind: "survived"; readonly mutant: number; readonly reached: boolean }
  /** A test has stopped doing anything: the process ends. */
  | { readonly kind: "hung"; readonly mutant: number }
  /** The test now fails without the mutant, too: this process is of no more use. */
  | { readonly kind: "poisoned"; readonly mutant: number };

/** Begins a line that is a report: tests may print, too. */
export const reportMark = "\u0002mutate ";
