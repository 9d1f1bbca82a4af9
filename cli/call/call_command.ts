import { version } from "../../client/mod.ts";
import { callByHand, type HandAnswer } from "../../server/by_hand.ts";
import { type ConsentQuestion, entries } from "../../tools/mod.ts";
import type { Command, CommandContext } from "../command.ts";
import { type Given, settingFlags } from "../command_line.ts";
import { openDaemon } from "../open_daemon.ts";
import { INTERRUPTED, Interrupts } from "../interrupts.ts";
import { print } from "../print.ts";
import { UsageError } from "../usage_error.ts";
import { askOnTerminal } from "./ask_on_terminal.ts";
import { readCallInput, textOf } from "./call_input.ts";
import { type CallProgress, noProgress, progressBar, progressLines } from "./call_progress.ts";
import { exitCodeList, exitCodeOf } from "./exit_codes.ts";

/** Calls a tool as a model does, with the user in its place. */
export const callCommand: Command = {
  usage: "[FLAG…] TOOL [KEY=VALUE… | JSON | -]",
  about:
    "Calls a tool as a model does: the same arguments, checks, questions, limits and record.\n" +
    "A key that comes twice is a list; - reads a JSON object from stdin, which keeps a secret\n" +
    "out of the list of processes.",
  flags: {
    ...settingFlags,
    yes: { help: "Agree beforehand to whatever the call would ask" },
    json: { help: "Print the result, or the error, as JSON" },
    verbose: { help: "Write progress to stderr also where that is no terminal" },
  },
  takesWords: true,
  notes: `What would ask the user through a client asks on the terminal; without one, it is not done
unless --yes is given. Ctrl-C cancels, in the container too; a second one ends at once.

  mcp-server call create_container username=alice memory=4GB
  mcp-server call run_command username=alice command='uptime'
  mcp-server call update_container '{"username": "alice", "labels": {"team": "web"}}'

Exit codes:
${exitCodeList()}`,
  hintFor: (arg) =>
    argumentNames().has(argumentOf(arg))
      ? `an argument of a tool has no dashes: ${argumentOf(arg)}=VALUE`
      : undefined,
  run: call,
};

/** Arguments of the tools, of which the flags take none. */
function argumentNames(): ReadonlySet<string> {
  return new Set(
    entries.flatMap(({ description }) => Object.keys(description.inputSchema.properties)),
  );
}

/** Returns `wait_seconds` for `--wait-seconds`. */
function argumentOf(flag: string): string {
  return flag.replace(/^--?/, "").replaceAll("-", "_");
}

async function call(given: Given, context: CommandContext): Promise<number> {
  const [tool, ...words] = given.words;
  if (tool === undefined) {
    throw new UsageError("call takes the name of a tool; mcp-server tools lists them");
  }
  const input = await readCallInput(words, () => textOf(context.input));
  const usesInput = words[0] === "-";
  using daemon = await openDaemon(given, context);
  const { options } = daemon;
  const progress = await progressOf(given, context);
  using interrupts = new Interrupts(() => progress.clear());
  const answer = await callByHand(options, {
    tool,
    input,
    caller: { name: "mcp-server-call", version },
    isPreapproved: given.options.yes !== undefined,
    signal: interrupts.signal,
    report: (...report) => progress.report(...report),
    ask: async (question, signal) => {
      progress.clear();
      return await askUser(question, signal, context, usesInput);
    },
  });
  progress.clear();
  await show(answer, given, context);
  return answer.isError && interrupts.signal.aborted ? INTERRUPTED : exitCodeOf(answer);
}

/** Asks on the terminal. */
async function askUser(
  question: ConsentQuestion,
  signal: AbortSignal,
  { terminal, input, writeLog }: CommandContext,
  usesInput: boolean,
): Promise<boolean> {
  if (usesInput || terminal?.isInput !== true) {
    throw new Error("stdin is no terminal; with --yes, the call agrees beforehand");
  }
  // Nobody agrees to a question that went to a file.
  if (!terminal.isError) {
    throw new Error("stderr is no terminal; with --yes, the call agrees beforehand");
  }
  return await askOnTerminal(question, { input, terminal, write: writeLog, signal });
}

async function progressOf(
  { options }: Given,
  { terminal, writeLog }: CommandContext,
): Promise<CallProgress> {
  if (terminal?.isError === true) return await progressBar(writeLog, terminal.size().columns);
  return options.verbose === undefined ? noProgress : progressLines(writeLog);
}

/** Prints the result; the text of a failure without one goes to stderr. */
async function show(
  answer: HandAnswer,
  { options }: Given,
  context: CommandContext,
): Promise<void> {
  const { text, structuredContent, code, reason, isRefused } = answer;
  if (options.json === undefined) {
    if (structuredContent === undefined) context.writeLog(`${text}\n`);
    else await print(`${text}\n`, context);
    return;
  }
  const error = { code: isRefused ? "refused" : code ?? "internal", reason, message: text };
  await print(`${JSON.stringify(structuredContent ?? { error }, undefined, 2)}\n`, context);
}
