// @ts-types="@modelcontextprotocol/sdk/types"
import type { CallToolResult, Result } from "@modelcontextprotocol/sdk/types.js";
import { ContainariumError } from "../../client/mod.ts";
import { oneLine } from "../../client/internal.ts";
import { explain, type Tool, type ToolContext } from "../../tools/mod.ts";
import { readArguments } from "./arguments.ts";
import type { CallLimit } from "./call_limit.ts";
import { type AskUser, type Consent, seekConsent } from "../consent.ts";
import { meantUsername, withUsernames } from "./suggest_username.ts";
import { conform } from "./output.ts";
import type { CallEnd, CallRecord } from "../record/call_record.ts";
import { idsIn } from "../record/ids.ts";
import type { CallOutcome } from "../record/record_entry.ts";
import { RecordError } from "../record/record_error.ts";
import { shownFailure, shownOutput, shownText } from "../shown.ts";

/** The result of `tools/call`. */
interface CallAnswer extends CallToolResult {
  /**
   * For programs: kind of failure and the condition behind it, `containarium/code` and
   * `containarium/reason`, or `containarium/outcome: "refused"` if the user did not agree.
   */
  readonly _meta?: Record<string, string>;
}

/** In characters: no model takes more, and no tool means to answer it. */
const MAX_ANSWER_CHARS = 4_000_000;
const MAX_FAILURE_CHARS = 20_000;

/** Runs one tool. Whatever goes wrong is a result, so that the model can fix it. */
export async function callTool(
  tool: Tool,
  input: unknown,
  context: ToolContext,
  consent: Consent,
  limit: CallLimit,
  record?: CallRecord,
): Promise<CallAnswer | Result> {
  const read = readArguments(tool.input, input);
  if (read.kind === "unfit") {
    const text = context.client.redact(`Invalid arguments for ${tool.name}:\n${read.faults}`);
    return failure(text, new ContainariumError("invalid_argument", text));
  }
  const { ask } = consent;
  record?.resume(ask?.earlier?.recordedAs);
  record?.meant(read.args);
  const timed: Consent = { ...consent, ask: ask && timedAsk(tool, ask, limit, record) };
  const call = () => carryOut(tool, read.args, context, timed, limit, record);
  const outcome = await limit.run(tool, read.args, call);
  if (outcome?.kind === "pending") return outcome.result;
  const answer = outcome?.answer ?? answerOverstayed(tool, read.args, limit.error);
  if (outcome === undefined) {
    context.log("error", `${tool.name} overstayed and did not end when its signal was aborted`);
  }
  await record?.ended(endOf(outcome, answer, context.signal, limit)).catch((error: Error) => {
    context.log("error", `the end of ${tool.name} could not be recorded: ${error.message}`);
  });
  return answer;
}

/** The same way to ask: it records the question, and the user's time does not count. */
function timedAsk(
  { name }: Tool,
  ask: AskUser,
  limit: CallLimit,
  record: CallRecord | undefined,
): AskUser {
  const timed: AskUser = (asked, context) =>
    limit.pausedWhile(name, () => ask({ ...asked, record }, context));
  return Object.assign(timed, { earlier: ask.earlier });
}

/** What a call came to. */
type CallEnding =
  | { readonly kind: "answered" | "refused"; readonly answer: CallAnswer }
  /** The user is being asked. */
  | { readonly kind: "pending"; readonly result: Result };

/** How it ended, for the record. */
function endOf(
  ending: Exclude<CallEnding, { kind: "pending" }> | undefined,
  { isError, structuredContent = {}, _meta: meta = {} }: CallAnswer,
  { aborted }: AbortSignal,
  { error: overstay }: CallLimit,
): CallEnd {
  const { "containarium/code": code, "containarium/reason": reason } = meta;
  const end = (outcome: CallOutcome) => ({ outcome, code, reason, ...idsIn(structuredContent) });
  if (ending?.kind === "refused") return end("refused");
  if (overstay !== undefined) return end("timed_out");
  if (isError !== true) return end("ok");
  if (code === "ambiguous") return end("ambiguous");
  return end(aborted || code === "cancelled" ? "cancelled" : "failed");
}

async function carryOut(
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  context: ToolContext,
  consent: Consent,
  limit: CallLimit,
  record: CallRecord | undefined,
): Promise<CallEnding> {
  const answered = (answer: CallAnswer): CallEnding => ({ kind: "answered", answer });
  try {
    const args = await withUsernames(tool.input, given, context);
    record?.meant(args);
    const consented = await seekConsent(tool, args, context, consent);
    if (consented.kind === "pending") return consented;
    record?.questioned(consented.questioned);
    if (consented.kind === "refused") {
      const answer = failure(context.client.redact(consented.text));
      return {
        kind: "refused",
        answer: { ...answer, _meta: { "containarium/outcome": "refused" } },
      };
    }
    // What was given up goes no further, even if it did not notice.
    context.signal.throwIfAborted();
    await record?.begun();
    return answered(answerOf(tool, await tool.run(args, context, consented.agreed), context));
  } catch (error) {
    if (limit.error !== undefined) return answered(answerOverstayed(tool, given, limit.error));
    if (error instanceof RecordError) return answered(answerUnrecorded(error, context));
    const text = await describeFailure(tool, given, error, context);
    return answered(failure(context.client.redact(text), error));
  }
}

/** Checks what a tool returned, and makes it harmless. */
function answerOf(tool: Tool, result: unknown, { log }: ToolContext): CallAnswer {
  const { output: conforming, dropped } = conform(tool.output, result);
  const output = shownOutput(tool.output, conforming);
  if (dropped.length > 0) {
    log("warning", `${tool.name} answered more than it declares: ${dropped.join(", ")}`);
  }
  const text = shownText(tool.render(output));
  const size = text.length + JSON.stringify(output).length;
  if (size > MAX_ANSWER_CHARS) return answerTooLarge(tool, size);
  return {
    content: [{ type: "text", text }],
    structuredContent: output,
    ...(tool.failed?.(output) === true ? { isError: true } : {}),
  };
}

/** The answer to a call that took longer than any may. What it had begun may have happened. */
function answerOverstayed(
  { effect }: Tool,
  { username }: Readonly<Record<string, unknown>>,
  error = new ContainariumError("timeout", "The call took too long"),
): CallAnswer {
  const look = typeof username === "string"
    ? `get_container(username=${JSON.stringify(username)})`
    : "list_containers";
  const outcome = effect === "read"
    ? "Nothing was changed.\nNext: call get_system_info to see whether the daemon responds; if it " +
      "does, ask for less at a time."
    : "What it was asked to do may have been done, in whole or in part.\n" +
      `Next: call ${look} to see what was done before you call it again.`;
  return failure(`${error.message}. ${outcome}`, error);
}

/** The answer to a call that cannot be recorded. */
function answerUnrecorded({ message }: RecordError, { client, log }: ToolContext): CallAnswer {
  const text = client.redact(message);
  log("error", text);
  return failure(text, new ContainariumError("failed_precondition", text));
}

/** The answer of a tool that is there but off. */
export function answerOff(name: string, reason: string): CallAnswer {
  return failure(
    `${name} is off: ${reason}.\n` +
      "Next: do without it, or ask the user; only they can change that, and then this server has to " +
      "be restarted.",
  );
}

async function describeFailure(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  error: unknown,
  context: ToolContext,
): Promise<string> {
  if (error instanceof ContainariumError) {
    return explain(error, await meantUsername(error, args, context));
  }
  if (context.signal.aborted) return explain(new ContainariumError("cancelled", "Cancelled"));
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? error.stack ?? reason : reason;
  context.log("error", `${tool.name}: ${stack}`);
  return `${tool.name} failed because of a bug in this server: ${oneLine(reason)}\n` +
    `Next: report it; get_container shows the state of the container.`;
}

function answerTooLarge({ name, effect }: Tool, size: number): CallAnswer {
  const what = effect === "read" ? "Not answered" : `${name} was carried out`;
  const text = `${what}: the answer of ${size} characters is too large to pass on.\n` +
    "Next: ask for less: one container by its name, a filter, a smaller limit.";
  return failure(text, new ContainariumError("resource_exhausted", text));
}

function failure(text: string, error?: unknown): CallAnswer {
  const shown = text.length <= MAX_FAILURE_CHARS
    ? text
    : `${text.slice(0, MAX_FAILURE_CHARS)}… [${
      text.length - MAX_FAILURE_CHARS
    } characters left out]`;
  return {
    content: [{ type: "text", text: shownFailure(shown) }],
    isError: true,
    ...metaOf(error),
  };
}

/** What programs go by; models do not see it. */
function metaOf(error: unknown): Pick<CallAnswer, "_meta"> {
  if (!(error instanceof ContainariumError)) return {};
  const { code, reason } = error;
  const ofReason = reason === undefined ? {} : { "containarium/reason": reason };
  return { _meta: { "containarium/code": code, ...ofReason } };
}
