import { basename } from "node:path";
import type { Reach } from "./job.ts";
import { runJob, type TestSetting } from "./test_process.ts";

/** A file of tests, and which mutants it reaches. */
export interface CoveringFile {
  /** Path from the project's root. */
  readonly file: string;
  /** Whether every test of it ended. */
  readonly isComplete: boolean;
  /** Mutants that loading it reaches. */
  readonly onLoad: ReadonlySet<number>;
  /** Its tests, in the order in which it registers them. */
  readonly tests: readonly Reach[];
}

/** A test may take this long, whatever a mutant does to it. */
export function patience(ms: number): number {
  return 6 * ms + 15_000;
}

/** A test may do nothing at all for this long: it waits for what a mutant prevents. */
export function idlePatience(ms: number): number {
  return 2 * ms + 3_000;
}

/** Runs a file of tests without any mutant. */
export async function measureCoverage(
  copy: string,
  file: string,
  setting: TestSetting,
): Promise<CoveringFile> {
  let onLoad: ReadonlySet<number> = new Set();
  const tests: Reach[] = [];
  let begun = 0;
  const ending = await runJob(copy, { file }, setting, (report) => {
    if (report.kind === "loaded") onLoad = new Set(report.reached);
    if (report.kind === "testing") begun++;
    if (report.kind === "reach") tests.push(report);
    return patience(30_000);
  });
  const isComplete = ending === "ended" && begun > 0 && begun === tests.length;
  return { file, isComplete, onLoad, tests };
}

/** Returns how long all tests of a file take. */
export function durationOf({ tests }: CoveringFile): number {
  return tests.reduce((sum, { ms }) => sum + ms, 0);
}

/** Returns whether loading a file, or a test in it, reaches a mutant. */
export function reaches({ onLoad, tests }: CoveringFile, mutant: number): boolean {
  return onLoad.has(mutant) || tests.some(({ reached }) => reached.includes(mutant));
}

/** Returns whether a file of tests is named after the file that a mutant is in. */
export function isOwnTest(test: string, mutant: { readonly file: string }): boolean {
  return basename(test).startsWith(basename(mutant.file, ".ts"));
}
