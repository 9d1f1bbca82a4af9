/**
 * Calls of tools by the process itself, without a client and its protocol: a user at a terminal. The same
 * path as `tools/call`, from the arguments to the record.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import type { Result } from "@modelcontextprotocol/sdk/types.js";
import { within } from "../client/internal.ts";
import { type ActiveTools, bareToolName, type ConsentQuestion } from "../tools/mod.ts";
import type { AskUser } from "./consent.ts";
import { isObject, type JsonObject } from "./json.ts";
import { Recorder } from "./record/recorder.ts";
import { rpcCodes, RpcError } from "./rpc_error.ts";
import { type ServeOptions, withDefaults } from "./serve_options.ts";
import { toolMethods } from "./tool_methods.ts";

/** One call. */
export interface HandCall {
  /** Name of the tool. */
  readonly tool: string;
  /** Its arguments, read as a model's. */
  readonly input: JsonObject;
  /** Who calls, for the record: `name` and `version`. */
  readonly caller: JsonObject;
  /** Aborts when the user cancels. */
  readonly signal: AbortSignal;
  /**
   * Puts a question to the user; resolves to whether they agree.
   *
   * @throws {Error} If it cannot be put; the message says why
   */
  readonly ask: (question: ConsentQuestion, signal: AbortSignal) => Promise<boolean>;
  /** Whether the user has agreed to whatever would be asked: nobody is asked then. */
  readonly isPreapproved: boolean;
  /** Takes progress. `total` is absent if it is unknown. */
  readonly report: (done: number, total: number | undefined, message: string) => void;
}

/** What became of a call. */
export interface HandAnswer {
  /** What a model would read. */
  readonly text: string;
  /** The same as data. Absent for a failure. */
  readonly structuredContent?: JsonObject | undefined;
  /** Whether it failed, in part perhaps. */
  readonly isError: boolean;
  /** Kind of failure. Absent for a result that reports one by itself. */
  readonly code?: string | undefined;
  /** Condition behind the failure. */
  readonly reason?: string | undefined;
  /** Whether the user was asked, or was to be, and did not agree. */
  readonly isRefused: boolean;
}

/** Milliseconds for what is left to be recorded once a call was given up. */
const LAST_WORK_MS = 1_000;

/** Carries out one call, and closes what it opened. */
export async function callByHand(
  options: Omit<ServeOptions, "input" | "write">,
  { tool, input, caller, signal, ask, isPreapproved, report }: HandCall,
): Promise<HandAnswer> {
  const nowhere = { input: new ReadableStream<Uint8Array>(), write: () => Promise.resolve() };
  const settings = withDefaults({ ...options, ...nowhere });
  const stop = new AbortController();
  const recorder = new Recorder(settings);
  const methods = toolMethods({
    ...settings,
    recorder,
    conversation: { ended: stop.signal },
    onChange: () => {},
  });
  try {
    const result = await methods.get("tools/call")?.answer({
      params: { name: tool, arguments: input },
      capabilities: {},
      clientInfo: caller,
      signal,
      log: settings.log,
      notify: (_method, { progress, total, message }) =>
        report(Number(progress), typeof total === "number" ? total : undefined, String(message)),
      progressToken: "by-hand",
      ask: isPreapproved ? preapproved : askerOf(ask),
    });
    const answer = answerOf(result ?? {});
    return isOff(tool, settings.tools) ? { ...answer, code: "permission_denied" } : answer;
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== rpcCodes.invalidParams) throw error;
    return { text: error.message, isError: true, code: "invalid_argument", isRefused: false };
  } finally {
    stop.abort();
    await settings.client.closeTerminals();
    await within(recorder.settled(), LAST_WORK_MS);
  }
}

function isOff(name: string, { off }: ActiveTools): boolean {
  return off.has(name) || off.has(bareToolName(name));
}

const preapproved: AskUser = ({ agreed }) => Promise.resolve({ kind: "preapproved", agreed });

function askerOf(ask: HandCall["ask"]): AskUser {
  return async ({ question, agreed, record }, { signal }) => {
    await record?.asked(question);
    const isYes = await ask(question, signal);
    const answer = isYes
      ? { action: "accept" as const, content: { confirm: true } }
      : { action: "decline" as const };
    return { kind: "answered", answer, agreed };
  };
}

function answerOf(result: Result): HandAnswer {
  const { content, structuredContent, isError = false, _meta: meta = {} } = result;
  const [first] = Array.isArray(content) ? content : [];
  const code = meta["containarium/code"];
  const reason = meta["containarium/reason"];
  return {
    text: isObject(first) && typeof first.text === "string" ? first.text : "",
    structuredContent: isObject(structuredContent) ? structuredContent : undefined,
    isError: isError === true,
    code: typeof code === "string" ? code : undefined,
    reason: typeof reason === "string" ? reason : undefined,
    isRefused: meta["containarium/outcome"] === "refused",
  };
}
