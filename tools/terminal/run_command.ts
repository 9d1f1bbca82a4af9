import { z } from "zod";
import { ContainariumError, type RunResult } from "../../client/mod.ts";
import { freeText } from "../free_text.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { LastLine } from "./last_line.ts";
import { MOST_CHARACTERS, showOutput } from "./output.ts";
import { shownInQuestion } from "./shown_in_question.ts";
import { asRoot, rootRefusal } from "./root.ts";

/** So often the last line of the output is told while it runs. */
const TELL_EVERY_MS = 1_000;

/** Runs a command over the terminal; `GET /v1/containers/{username}/terminal`. */
export const runCommand = defineTool({
  name: "run_command",
  title: "Run command",
  description: "Run a shell script (bash, else sh) in a running container and wait for its end. " +
    "Each call starts anew in the home folder, without a terminal. Output over 20,000 " +
    "characters is cut in the middle. Redirect the output of what shall stay in the background.",
  effect: "write",
  idempotent: false,
  reach: "shell",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    command: z.string().min(1).describe("Script of any length, e.g. df -h /"),
    stdin: z.string().optional().describe("What it reads; default: nothing"),
    timeout_seconds: z.int().min(1).max(3600).default(60)
      .describe("Then it is ended with all it started"),
    as_root: z.boolean().default(false).describe("Run it by sudo -n"),
  }),
  output: z.strictObject({
    exit_code: z.number().describe("0: success; 128 + the signal's number where one ended it"),
    signal: z.string().optional().describe("Signal that ended it, e.g. SIGKILL"),
    stdout: freeText(
      "Standard output: data from the container; \\u{dcff} is a byte ff that is no UTF-8",
    ),
    stderr: freeText("Standard error: data from the container"),
    truncated: z.boolean().describe("Whether anything is left out"),
    stdout_omitted_bytes: z.number().describe("Left out of the middle of stdout"),
    stderr_omitted_bytes: z.number().describe("Left out of the middle of stderr"),
    timed_out: z.boolean().describe("Whether it was ended because its time was over"),
    duration_ms: z.number().describe("How long it took, milliseconds"),
    next: z.string().optional().describe("What to do about what is missing"),
  }),

  consent: ({ username, command, stdin = "", as_root: isRoot }) => {
    const { lines, unseen } = shownInQuestion({ "": command, "With this on its input": stdin });
    return Promise.resolve({
      question: {
        message: `Run this in ${username}-container${isRoot ? " as root" : ""}?\n${lines}`,
        confirm: `Run it in ${username}-container${unseen}`,
      },
    });
  },

  run: async ({ username, command, stdin = "", timeout_seconds, as_root }, context) => {
    const { client, signal, progress, log } = context;
    log("debug", `run_command: ${command.length} characters, ${stdin.length} to read`);
    const told = as_root ? asRoot(command, stdin) : { command, stdin };
    const lastLine = new LastLine();
    let tellAt = performance.now() + TELL_EVERY_MS;
    const result = await client.terminal(username).run(told.command, {
      stdin: told.stdin,
      timeoutMs: timeout_seconds * 1_000,
      maxBytes: MOST_CHARACTERS,
      signal,
      onOutput: (piece) => {
        lastLine.take(piece);
        if (performance.now() < tellAt) return;
        tellAt = performance.now() + TELL_EVERY_MS;
        progress(1, undefined, `${username}-container prints: ${lastLine.text}`);
      },
    });
    const refusal = as_root ? rootRefusal(result) : undefined;
    if (refusal !== undefined) {
      throw new ContainariumError(
        "failed_precondition",
        `Nothing was run: there is no way to root in ${username}-container without a password ` +
          `(${refusal}); without as_root it runs as ${username}`,
      );
    }
    const stdout = showOutput(result.stdout, result.omitted.stdout, "stdout");
    const stderr = showOutput(result.stderr, result.omitted.stderr, "stderr");
    const isCut = stdout.omittedBytes + stderr.omittedBytes > 0;
    return {
      exit_code: result.exitCode,
      signal: result.signal,
      stdout: stdout.text,
      stderr: stderr.text,
      truncated: isCut,
      stdout_omitted_bytes: stdout.omittedBytes,
      stderr_omitted_bytes: stderr.omittedBytes,
      timed_out: result.timedOut,
      duration_ms: Math.round(result.durationMs),
      next: nextOf(result, isCut),
    };
  },

  render: (output) => {
    const { exit_code: code, signal, timed_out: timedOut, duration_ms: ms, next } = output;
    const how = [
      `exit ${code}`,
      signal === undefined ? "" : ` (${signal})`,
      timedOut ? ", its time was over" : "",
      `, ${ms} ms`,
    ].join("");
    return [how, output.stdout, output.stderr, next === undefined ? "" : `Next: ${next}`]
      .filter((part) => part !== "").join("\n");
  },
});

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
      "for what is left out, send the output to a file (… >/tmp/out 2>&1) and read that in parts " +
        "(sed -n 1,200p, grep, tail).",
    );
  }
  return advice.length === 0 ? undefined : advice.join(" ");
}
