import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { linesOf } from "../lines.ts";
import { type Job, type Report, reportMark } from "./job.ts";

/** A file of tests is loaded by then, however busy the machine is. */
const LOAD_MS = 300_000;

/** How tests are run. */
export interface TestSetting {
  /** Flags of `deno run` by which imports resolve. */
  readonly imports: readonly string[];
  /** Folder for what tests write; removed by who made it. */
  readonly scratch: string;
}

/** How a process ended: by itself, or because it was silent for too long. */
export type Ending = "ended" | "hung";

/**
 * Runs a job in a process of its own.
 *
 * @param copy Where the project is copied to
 * @param job What to do; `file` is a path in it
 * @param hear Gets each report, and returns how long the process may be silent after it
 */
export async function runJob(
  copy: string,
  job: Job,
  { imports, scratch }: TestSetting,
  hear: (report: Report) => number,
): Promise<Ending> {
  const file = pathToFileURL(join(copy, job.file)).href;
  const path = await Deno.makeTempFile({ dir: scratch, suffix: ".json" });
  await Deno.writeTextFile(path, JSON.stringify({ ...job, file }));
  const args = [
    "run",
    "-q",
    "--no-check",
    "-P=test",
    ...imports,
    "scripts/mutate/run_tests.ts",
    path,
  ];
  await using process = start(copy, args, scratch, "piped");
  let ending: Ending = "ended";
  const hang = () => {
    ending = "hung";
    process.kill();
  };
  let watchdog = setTimeout(hang, LOAD_MS);
  try {
    for await (const line of linesOf(process.child.stdout)) {
      if (!line.startsWith(reportMark)) continue;
      const silence = hear(JSON.parse(line.slice(reportMark.length)));
      clearTimeout(watchdog);
      watchdog = setTimeout(hang, silence);
    }
  } finally {
    clearTimeout(watchdog);
  }
  return ending;
}

/** Returns how `deno test` of whole files ends. */
export async function runTests(
  copy: string,
  files: readonly string[],
  { imports, scratch }: TestSetting,
  limitMs: number,
): Promise<"passed" | "failed" | "hung"> {
  const args = ["test", "-q", "--no-check", "--fail-fast", "-P=test", ...imports, ...files];
  await using process = start(copy, args, scratch, "null");
  let hung = false;
  const watchdog = setTimeout(() => {
    hung = true;
    process.kill();
  }, limitMs);
  const { success } = await process.child.status;
  clearTimeout(watchdog);
  if (hung) return "hung";
  return success ? "passed" : "failed";
}

function start(cwd: string, args: readonly string[], scratch: string, stdout: "piped" | "null") {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { TMPDIR: scratch, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout,
    stderr: "null",
  }).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  return {
    child,
    kill,
    async [Symbol.asyncDispose](): Promise<void> {
      kill();
      await child.status;
    },
  };
}
