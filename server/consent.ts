/**
 * Asks the user before something is lost.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/shared/protocol"
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  type ClientCapabilities,
  type ElicitResult,
  ElicitResultSchema,
  ErrorCode,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import {
  type ConsentQuestion,
  type ConsentRequest,
  oneLine,
  type Tool,
  type ToolContext,
} from "../tools/mod.ts";
import { isObject } from "./json.ts";
import { shownLine, shownText } from "./shown.ts";

/**
 * When the user is asked before something is lost: where the client can ask, otherwise it is left
 * to the client's own approval (`auto`); always, and refused where they cannot be asked; or never.
 */
export type ConsentMode = "auto" | "always" | "never";

/** Every {@linkcode ConsentMode}. */
export const consentModes: readonly ConsentMode[] = ["auto", "always", "never"];

/** Puts a question to the user through the client. */
export type AskUser = (question: ConsentQuestion, signal: AbortSignal) => Promise<ElicitResult>;

/** How consent is obtained. */
export interface Consent {
  /** When. */
  readonly mode: ConsentMode;
  /** `undefined` where the client cannot ask. */
  readonly ask: AskUser | undefined;
  /** Name of the daemon, if there are several. */
  readonly serverName?: string | undefined;
}

const MAX_REASON_CHARS = 500;
/** In characters. A longer one is not cut, since nobody can agree to what is not shown. */
const MAX_QUESTION_CHARS = 20_000;

/**
 * Returns a way to ask the user if the client declared one.
 *
 * @param timeout After how many milliseconds without an answer the question is withdrawn
 */
export function userOf(
  capabilities: ClientCapabilities | undefined,
  { sendRequest }: RequestHandlerExtra<ServerRequest, ServerNotification>,
  timeout: number,
): AskUser | undefined {
  if (capabilities?.elicitation?.form === undefined) return undefined;
  return ({ message, confirm }, signal) => {
    const params = {
      mode: "form" as const,
      message,
      requestedSchema: {
        type: "object" as const,
        // Without a default: nobody agrees by pressing enter.
        properties: { confirm: { type: "boolean" as const, title: confirm } },
        required: ["confirm"],
      },
    };
    const options = { signal, timeout };
    return sendRequest({ method: "elicitation/create", params }, ElicitResultSchema, options);
  };
}

/** Whether a call may run, and what `run` is bound by. */
export type Consented<Agreed> =
  | { readonly kind: "agreed"; readonly agreed: Agreed | undefined }
  /** `text` is for the model. */
  | { readonly kind: "refused"; readonly text: string };

/** Tool, as far as consent needs it. */
export type Consenting<Args, Agreed> = Pick<Tool, "name" | "reach"> & {
  consent?(args: Args, context: ToolContext): Promise<ConsentRequest<Agreed> | undefined>;
};

/**
 * Reads what a call would lose, whatever the mode, and asks the user where the mode and the client
 * say so.
 */
export async function seekConsent<Args, Agreed>(
  tool: Consenting<Args, Agreed>,
  args: Args,
  context: ToolContext,
  consent: Consent,
): Promise<Consented<Agreed>> {
  const { mode, ask, serverName } = consent;
  // A shell can lose anything: there is a question for each call, or none.
  const isBlind = tool.reach === "shell" && mode !== "always";
  const request = isBlind ? undefined : await tool.consent?.(args, context);
  const agreed = { kind: "agreed", agreed: request?.agreed } as const;
  const isPut = mode === "always" || (mode === "auto" && ask !== undefined);
  if (request?.question === undefined || !isPut) return agreed;
  const question = onServer(request.question, serverName);
  const text = await refusalOf(tool, question, context, ask);
  return text === undefined ? agreed : { kind: "refused", text };
}

/** Asks the user. Returns what the model reads unless they agree. */
async function refusalOf(
  tool: Pick<Tool, "name">,
  question: ConsentQuestion,
  context: ToolContext,
  ask: AskUser | undefined,
): Promise<string | undefined> {
  const { length } = question.message;
  if (length > MAX_QUESTION_CHARS) {
    return `Not done: the question to the user would have ${length} characters.\n` +
      "Why: these are too many to agree to at once.\n" +
      "Next: name fewer in a call.";
  }
  if (ask === undefined) {
    return notDone(
      question,
      "CONTAINARIUM_CONSENT=always requires asking the user first, and this client cannot ask.",
      "ask the user; they can do it from a client that can ask, or by hand on the host.",
    );
  }
  context.progress(0, undefined, `Waiting for the user's answer: ${question.confirm}`);
  let answer: ElicitResult;
  try {
    answer = await ask(question, context.signal);
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (isObject(error) && error.code === ErrorCode.RequestTimeout) {
      return notDone(
        question,
        "nobody answered the question in time, and it was withdrawn.",
        `do not call ${tool.name} for it again unless the user asks.`,
      );
    }
    const reason = reasonOf(error);
    return notDone(
      question,
      `the user could not be asked: ${reason}`,
      "ask the user what to do.",
    );
  }
  const reply = readReply(answer);
  switch (reply) {
    case "agreed":
      return undefined;
    case "unanswered":
      return notDone(
        question,
        "this client returned no answer to the form of the question; the user may not have seen it.",
        "ask the user; they can do it from a client that shows the form, or by hand on the host.",
      );
    case "left the box unchecked":
    case "said no":
    case "closed the question":
      return `The user declined: ${question.message}\n` +
        `Why: this server asked, and the user ${reply}.\n` +
        `Next: this is final for this call; do not call ${tool.name} for it again unless they ask.`;
  }
}

function notDone({ message }: ConsentQuestion, why: string, next: string): string {
  return `Not done: ${message}\nWhy: ${why}\nNext: ${next}`;
}

type Reply =
  | "agreed"
  | "unanswered"
  | "left the box unchecked"
  | "said no"
  | "closed the question";

/** Only a checked box is a yes, and only a boolean is a box: some clients accept by themselves. */
function readReply({ action, content }: ElicitResult): Reply {
  switch (action) {
    case "accept":
      if (content?.confirm === true) return "agreed";
      return content?.confirm === false ? "left the box unchecked" : "unanswered";
    case "decline":
      return "said no";
    case "cancel":
      return "closed the question";
  }
}

/** A user with several daemons has to see which of them is meant. */
function onServer(
  { message, confirm }: ConsentQuestion,
  name: string | undefined,
): ConsentQuestion {
  return {
    message: shownText(name === undefined ? message : `On ${name}: ${message}`),
    confirm: shownLine(name === undefined ? confirm : `${confirm} on ${name}`),
  };
}

function reasonOf(error: unknown): string {
  // Not by its class: the SDK may come with another copy of zod.
  if (isObject(error) && Array.isArray(error.issues)) {
    return "its answer was none of accept, decline and cancel";
  }
  return oneLine(error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_CHARS);
}
