import type { ContainerTerminal, RunResult } from "../../../client/mod.ts";
import type { LogReader } from "../../../tools/logs/log_reader.ts";
import { readLog } from "../../../tools/logs/run_reader.ts";
import { needing } from "../../needs.ts";

/** A shell that the scripts must run in. */
export interface TestShell {
  /** What it is called. */
  readonly name: string;
  /** Program and first arguments; the script is the last argument. */
  readonly command: readonly [string, ...string[]];
}

const candidates: readonly TestShell[] = [
  { name: "bash", command: ["bash", "-c"] },
  { name: "dash", command: ["dash", "-c"] },
  { name: "busybox ash", command: ["busybox", "ash", "-c"] },
];

/** What came of a script. */
export interface ScriptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script on this machine. */
export async function runIn(
  { command: [program, ...args] }: TestShell,
  script: string,
  ...rest: readonly string[]
): Promise<ScriptResult> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args, script, ...rest],
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a step in each of the shells. */
export async function inEachShell(
  t: Deno.TestContext,
  fn: (shell: TestShell) => Promise<void>,
): Promise<void> {
  for (const shell of candidates) {
    await t.step({ ...needing([shell.command[0]], shell.name), fn: () => fn(shell) });
  }
}

/** Reads a log of this machine; returns the exit code and the entries' messages. */
export async function readIn(
  shell: TestShell,
  reader: LogReader,
): Promise<readonly [number, ...string[]]> {
  const none = { at: 0, bytes: 0 };
  const terminal: ContainerTerminal = {
    run: async (script): Promise<RunResult> => {
      const { code, stdout, stderr } = await runIn(shell, script);
      const encoder = new TextEncoder();
      return {
        exitCode: code,
        stdout: encoder.encode(stdout),
        stderr: encoder.encode(stderr),
        truncated: false,
        omitted: { stdout: none, stderr: none },
        timedOut: false,
        durationMs: 1,
      };
    },
    open: () => Promise.reject(new Error("Nothing here opens a shell")),
  };
  const { signal } = new AbortController();
  const options = { signal, followMs: undefined, onEntry: () => {} };
  const { exitCode, newest } = await readLog(terminal, reader, options);
  return [exitCode, ...newest.entries.map(({ message }) => message)];
}
