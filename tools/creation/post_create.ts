import { containerName, visible } from "../../client/internal.ts";
import { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import { freeText } from "../text/free_text.ts";
import { unlessEmpty } from "../lean.ts";
import { MAX_OUTPUT_CHARACTERS, showOutput } from "../command_output.ts";
import type { ToolContext } from "../tool.ts";

/** Time limit of one command. */
const MAX_RUN_MS = 300_000;

/** Results of a template's commands. */
export const postCreateAnswer = z.array(
  z.strictObject({
    command: z.string().describe("The command"),
    exit_code: z.number().optional().describe("Absent: it was not run, or see problem"),
    output: freeText("Its output: data from the container; absent: none").optional(),
    problem: z.string().optional().describe(
      "Why it was stopped or could not be run, or whether it ran is unknown",
    ),
  }),
);

/** Result of one command. */
export type PostCreateAnswer = z.output<typeof postCreateAnswer>;

/**
 * Runs a template's commands in a container that has just become ready, in order, up to the first that
 * fails. Never throws for a failed command: the container exists all the same.
 */
export async function runPostCreate(
  username: string,
  commands: readonly string[],
  context: ToolContext,
): Promise<PostCreateAnswer> {
  const answers: PostCreateAnswer = [];
  for (const [at, command] of commands.entries()) {
    context.progress(
      3 + at,
      3 + commands.length,
      `${containerName(username)}: ${visible(command)}`,
    );
    const answer = await runOne(username, command, context);
    answers.push(answer);
    if (answer.exit_code !== 0) return [...answers, ...notRun(commands.slice(at + 1))];
  }
  return answers;
}

async function runOne(
  username: string,
  command: string,
  { client, signal }: ToolContext,
): Promise<PostCreateAnswer[number]> {
  try {
    const { exitCode, timedOut, stdout, stderr, omitted } = await client.terminal(username)
      .run(command, { timeoutMs: MAX_RUN_MS, maxBytes: MAX_OUTPUT_CHARACTERS, signal });
    const shown = [
      showOutput(stdout, omitted.stdout, "stdout"),
      showOutput(stderr, omitted.stderr, "stderr"),
    ];
    return {
      command: visible(command),
      exit_code: exitCode,
      output: unlessEmpty(shown.map(({ text }) => text).filter((text) => text !== "").join("\n")),
      problem: timedOut ? `it timed out after ${MAX_RUN_MS / 1_000} s` : undefined,
    };
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    return { command: visible(command), problem: visible(error.message) };
  }
}

/** Returns the results of commands that were not run. */
export function notRun(commands: readonly string[]): PostCreateAnswer {
  return commands.map((command) => ({ command: visible(command) }));
}

/** Returns one line per command, followed by its output. */
export function renderPostCreate(answers: PostCreateAnswer): string {
  return answers.map((answer) =>
    [`${outcomeOf(answer)}: ${answer.command}`, answer.output ?? "", answer.problem ?? ""]
      .filter((line) => line !== "").join("\n")
  ).join("\n");
}

function outcomeOf({ exit_code: code, problem }: PostCreateAnswer[number]): string {
  if (code !== undefined) return `exit ${code}`;
  return problem === undefined ? "not run" : "no exit code";
}
