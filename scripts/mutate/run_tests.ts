/**
 * Runs in a process of its own, in an instrumented copy of the project: does the job in the file that its
 * argument names. Many mutants share the process, one after the other, since a process takes longer to start
 * than most tests to run.
 *
 * @module
 */
import { type CollectedTest, collectTests } from "./collect_tests.ts";
import { type Job, type Report, reportMark, type Trial } from "./job.ts";
import { untilIdle } from "./idle.ts";
import { activate, takeReached } from "./mutant_switch.ts";

const encoder = new TextEncoder();
let strayFailure = Promise.withResolvers<never>();
strayFailure.promise.catch(() => {});

for (const event of ["unhandledrejection", "error"] as const) {
  globalThis.addEventListener(event, (stray) => {
    stray.preventDefault();
    strayFailure.reject(new Error("Something failed that no test awaited"));
  });
}

function report(message: Report): void {
  let rest = encoder.encode(`\n${reportMark}${JSON.stringify(message)}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

/** Returns whether a test passes; what fails beside it counts. */
async function passes(test: CollectedTest): Promise<boolean> {
  strayFailure = Promise.withResolvers<never>();
  strayFailure.promise.catch(() => {});
  try {
    await Promise.race([test.run(), strayFailure.promise]);
    return true;
  } catch {
    return false;
  }
}

async function noteReach(tests: readonly CollectedTest[]): Promise<void> {
  for (const [place, test] of tests.entries()) {
    report({ kind: "testing", test: place });
    const [began, used] = [performance.now(), process.cpuUsage()];
    const passed = !test.ignored && await passes(test);
    const ms = performance.now() - began;
    const { user, system } = process.cpuUsage(used);
    const cost = (user + system) / 1_000 + ms / 20;
    report({ kind: "reach", ms, cost, passed, reached: takeReached() });
  }
}

/** Returns whether the process can go on. */
async function tryMutant(
  { mutant, tests: places }: Trial,
  tests: readonly CollectedTest[],
): Promise<boolean> {
  takeReached();
  let reached = false;
  for (const place of places) {
    const test = tests[place];
    if (test === undefined) continue;
    report({ kind: "testing", test: place, mutant });
    activate(mutant);
    using idle = untilIdle(idleMs[place] ?? Infinity);
    const passed = await Promise.race([passes(test), idle.promise]);
    if (passed === undefined) {
      report({ kind: "hung", mutant });
      return false;
    }
    activate(0);
    reached ||= takeReached().includes(mutant);
    if (passed) continue;
    if (!await passes(test)) {
      report({ kind: "poisoned", mutant });
      return false;
    }
    report({ kind: "killed", mutant, test: place });
    return true;
  }
  report({ kind: "survived", mutant, reached });
  return true;
}

const [path = ""] = Deno.args;
const { file, trials, idleMs = [] }: Job = JSON.parse(await Deno.readTextFile(path));
const tests = await collectTests(file);
report({ kind: "loaded", reached: takeReached() });
if (trials === undefined) await noteReach(tests);
for (const trial of trials ?? []) {
  if (!await tryMutant(trial, tests)) break;
}
Deno.exit();
