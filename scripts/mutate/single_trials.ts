import { type CoveringFile, durationOf, isOwnTest, reaches } from "./coverage.ts";
import type { InProcesses } from "./folders.ts";
import { activateIn } from "./project_copy.ts";
import { runTests, type TestSetting } from "./test_process.ts";
import { isAlive, type Standing } from "./verdicts.ts";

/** Files that together take longer than this are not tried. */
const maxMs = 10_000;
const startMs = 20_000;

/** Tests that start processes may take this long. */
const processesMs = 60_000;

/** Returns whether only a process that has a mutant from the start can tell. */
export function needsOwnProcess(
  { mutant, verdict, wasReached }: Standing,
  coverage: readonly CoveringFile[],
  inProcesses?: InProcesses,
): boolean {
  if (verdict === "uncovered") return inProcesses?.files.includes(mutant.file) === true;
  if (verdict !== "survived") return false;
  return !wasReached || coverage.some(({ onLoad }) => onLoad.has(mutant.id));
}

/**
 * Tries a mutant in a process of its own, with all tests of the files that reach it, or that start processes.
 *
 * @param passing Files of tests that are known to pass without a mutant
 */
export async function tryAlone(
  copy: string,
  standing: Standing,
  coverage: readonly CoveringFile[],
  setting: TestSetting,
  passing: Set<string>,
  inProcesses?: InProcesses,
): Promise<void> {
  const { mutant } = standing;
  const reaching = coverage.filter((covering) => reaches(covering, mutant.id));
  const [own, others] = [true, false].map((isOwn) =>
    reaching.filter(({ file }) => isOwnTest(file, mutant) === isOwn)
  );
  const starting = standing.verdict === "uncovered" ? inProcesses?.tests ?? [] : [];
  const groups = [
    { files: starting, ms: processesMs },
    // They find most, and run in a fraction of the time.
    upTo(Infinity, own ?? []),
    upTo(maxMs, others ?? []),
  ];
  for (const { files, ms } of groups) {
    if (files.length === 0 || !isAlive(standing)) continue;
    const run = async (id: number) => {
      await activateIn(copy, id);
      return await runTests(copy, files, setting, startMs + 5 * ms);
    };
    const ending = await run(mutant.id);
    if (ending === "passed") continue;
    const all = files.join(" ");
    const passes = passing.has(all) || await run(0) === "passed";
    // A failure may have been the machine's: one must not speak for the mutants that follow.
    if (passes) passing.add(all);
    if (passes) standing.verdict = ending === "hung" ? "timed out" : "killed";
  }
}

/** The first file, and those after it that together take no longer. */
function upTo(
  limitMs: number,
  covering: readonly CoveringFile[],
): { readonly files: readonly string[]; readonly ms: number } {
  const files: string[] = [];
  let ms = 0;
  for (const one of covering) {
    const longer = ms + durationOf(one);
    if (files.length > 0 && longer > limitMs) continue;
    files.push(one.file);
    ms = longer;
  }
  return { files, ms };
}
