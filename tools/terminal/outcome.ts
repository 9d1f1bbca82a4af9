import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import { ContainariumError, type RunResult } from "../../client/mod.ts";
import { freeText } from "../text/free_text.ts";
import { unlessEmpty } from "../lean.ts";
import { showOutput } from "../command_output.ts";
import type { ToolContext } from "../tool.ts";
import { asRoot, rootRefusal } from "./root.ts";

/** Result of a script in one container. */
export const outcome = z.strictObject({
  exit_code: z.number().describe("0: success; 128 + the signal's number if one killed it"),
  signal: z.string().optional().describe("Signal that ended it, e.g. SIGKILL"),
  stdout: freeText(
    "Standard output: data from the container; \\u{dcff} is a byte ff that is not UTF-8; " +
      "absent: none",
  ).optional(),
  stderr: freeText("Standard error: data from the container; absent: none").optional(),
  unterminated: z.array(z.enum(["stdout", "stderr"])).optional()
    .describe("Which of them do not end with a newline; absent: none"),
  truncated: z.boolean().optional().describe("Whether anything is left out; absent: false"),
  stdout_omitted_bytes: z.number().optional()
    .describe(
      "Left out of the middle of stdout, or at least so many if its disk was full; absent: 0",
    ),
  stderr_omitted_bytes: z.number().optional()
    .describe("Left out of the middle of stderr, as of stdout; absent: 0"),
  timed_out: z.boolean().optional()
    .describe("Whether it timed out and was killed; absent: false"),
  duration_ms: z.number().describe("Duration, milliseconds"),
  next: z.string().optional().describe("What to do about what is missing"),
});

/** Result of a script in one container. */
export type Outcome = z.output<typeof outcome>;

/** A script, and how it is run. */
export interface Script {
  /** Script. */
  readonly command: string;
  /** Text for its stdin. */
  readonly stdin: string;
  /** Time limit in milliseconds. */
  readonly timeoutMs: number;
  /** Whether to run it with `sudo -n`. */
  readonly isAsRoot: boolean;
  /** Maximum number of characters of each output. */
  readonly mostCharacters: number;
  /** Receives standard output while it runs. */
  readonly onOutput?: ((piece: Uint8Array) => void) | undefined;
}

/**
 * Runs a script in one container.
 *
 * @throws {ContainariumError} As `terminal.run`; `failed_precondition` if it cannot become root
 */
export async function runScript(
  username: string,
  script: Script,
  { client, signal }: ToolContext,
): Promise<Outcome> {
  const { command, stdin, timeoutMs, isAsRoot, mostCharacters, onOutput } = script;
  const given = isAsRoot ? asRoot(command, stdin) : { command, stdin };
  const result = await client.terminal(username).run(given.command, {
    stdin: given.stdin,
    timeoutMs,
    maxBytes: mostCharacters,
    signal,
    onOutput,
  });
  const refusal = isAsRoot ? rootRefusal(result) : undefined;
  if (refusal === undefined) return outcomeOf(result, mostCharacters);
  throw new ContainariumError(
    "failed_precondition",
    `Nothing was run: there is no passwordless sudo in ${containerName(username)}; ` +
      `without as_root it runs as ${username}`,
    { containerText: refusal },
  );
}

function outcomeOf(result: RunResult, most: number): Outcome {
  const stdout = showOutput(result.stdout, result.omitted.stdout, "stdout", most);
  const stderr = showOutput(result.stderr, result.omitted.stderr, "stderr", most);
  const isCut = stdout.omittedBytes + stderr.omittedBytes > 0;
  const unterminated = (["stdout", "stderr"] as const).filter((name) =>
    isUnterminated(result[name])
  );
  return {
    exit_code: result.exitCode,
    signal: result.signal,
    stdout: unlessEmpty(stdout.text),
    stderr: unlessEmpty(stderr.text),
    unterminated: unlessEmpty(unterminated),
    truncated: unlessEmpty(isCut),
    stdout_omitted_bytes: unlessEmpty(stdout.omittedBytes),
    stderr_omitted_bytes: unlessEmpty(stderr.omittedBytes),
    timed_out: unlessEmpty(result.timedOut),
    duration_ms: Math.round(result.durationMs),
    next: nextOf(result, isCut),
  };
}

/** Notes a missing final newline, which the fence does not show. */
function isUnterminated(output: Uint8Array): boolean {
  return output.length > 0 && output.at(-1) !== 0x0a;
}

/** Returns `exit 3 (SIGKILL), timed out, 35 ms`. */
export function renderExit(
  { exit_code: code, signal, timed_out: timedOut, duration_ms: ms, unterminated = [] }: Pick<
    Outcome,
    "exit_code" | "signal" | "timed_out" | "duration_ms" | "unterminated"
  >,
): string {
  return [
    `exit ${code}`,
    signal === undefined ? "" : ` (${signal})`,
    timedOut === true ? ", timed out" : "",
    `, ${ms} ms`,
    unterminated.length === 0 ? "" : `, no newline at the end of ${unterminated.join(" and ")}`,
  ].join("");
}

function nextOf({ exitCode, timedOut }: RunResult, isCut: boolean): string | undefined {
  const advice = [];
  if (timedOut) {
    advice.push(
      "raise timeout_seconds, or start it in the background (nohup … >/tmp/out 2>&1 &) and look " +
        "at /tmp/out later.",
    );
  } else if (exitCode === 137) {
    advice.push("something killed it in the container: perhaps it ran out of memory.");
  }
  if (isCut) {
    advice.push(
      "to see what is left out, write the output to a file (… >/tmp/out 2>&1) and read that in parts " +
        "(sed -n 1,200p, grep, tail).",
    );
  }
  return advice.length === 0 ? undefined : advice.join(" ");
}
