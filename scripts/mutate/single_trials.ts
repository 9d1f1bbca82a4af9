import { type CoveringFile, durationOf, reaches } from "./coverage.ts";
import type { InProcesses } from "./folders.ts";
import { activateIn } from "./project_copy.ts";
import { runTests, type TestSetting } from "./test_process.ts";
import type { Standing } from "./verdicts.ts";

/** Files that together take longer than this are not tried. */
const maxMs = 20_000;
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
 * @param passing Whether files of tests pass without a mutant, as far as that is known
 */
export async function tryAlone(
  copy: string,
  standing: Standing,
  coverage: readonly CoveringFile[],
  setting: TestSetting,
  passing: Map<string, boolean>,
  inProcesses?: InProcesses,
): Promise<void> {
  const isUncovered = standing.verdict === "uncovered";
  const files = isUncovered ? [...inProcesses?.tests ?? []] : [];
  let ms = isUncovered ? processesMs : 0;
  for (const covering of coverage) {
    if (!reaches(covering, standing.mutant.id)) continue;
    const longer = ms + durationOf(covering);
    if (files.length > 0 && longer > maxMs) continue;
    files.push(covering.file);
    ms = longer;
  }
  const run = async (mutant: number) => {
    await activateIn(copy, mutant);
    return await runTests(copy, files, setting, startMs + 5 * ms);
  };
  const ending = await run(standing.mutant.id);
  if (ending === "passed") return;
  const all = files.join(" ");
  const passes = passing.get(all) ?? await run(0) === "passed";
  passing.set(all, passes);
  if (passes) standing.verdict = ending === "hung" ? "timed out" : "killed";
}
