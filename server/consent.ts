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
  type Result,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import { oneLine } from "../client/internal.ts";
import type { ConsentQuestion, Tool, ToolContext } from "../tools/mod.ts";
import { formOf, readAnswer, refusals } from "./consent_form.ts";
import type { ConsentMode } from "./serve_choices.ts";
import { isObject } from "./json.ts";
import type { Questioned, QuestionRecord } from "./record/call_record.ts";
import { RecordError } from "./record/record_error.ts";
import { shownLine, shownText } from "./shown.ts";

/** A question to the user, and what it is about. */
export interface Asked {
  /** What the user reads. */
  readonly question: ConsentQuestion;
  /** State behind the question. */
  readonly agreed: unknown;
  /** Records the question before it is put. Absent if the call is not recorded. */
  readonly record?: QuestionRecord | undefined;
}

/** Result of putting a question. */
export type Reply =
  /** `agreed` is the state behind the question that was answered. */
  | { readonly kind: "answered"; readonly answer: ElicitResult; readonly agreed: unknown }
  /** The user had agreed beforehand, and was not asked. */
  | { readonly kind: "preapproved"; readonly agreed: unknown }
  /** The answer comes with another request. This one is answered with `result`. */
  | { readonly kind: "pending"; readonly result: Result };

/** A question that an earlier request was answered with, and that this one answers. */
export interface EarlierQuestion {
  /** What the user read. */
  readonly question: ConsentQuestion;
  /** Joins what is recorded of both requests. */
  readonly recordedAs: string | undefined;
  /** The user's no. It is final, whatever has changed since. Absent: they said yes, or nothing. */
  readonly refusal: ElicitResult | undefined;
}

/** Puts a question to the user through the client. */
export interface AskUser {
  (asked: Asked, context: Pick<ToolContext, "signal" | "progress">): Promise<Reply>;
  /** The question that was put with an earlier request. Absent: none was. */
  readonly earlier?: EarlierQuestion | undefined;
}

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
  return async ({ question, agreed, record }, { signal, progress }) => {
    await record?.asked(question);
    progress(0, undefined, `Waiting for the user's answer: ${question.confirm}`);
    const answer = await sendRequest(formOf(question), ElicitResultSchema, { signal, timeout });
    return { kind: "answered", answer, agreed };
  };
}

/** Whether a call may run, and what `run` is bound by. */
export type Consented =
  | { readonly kind: "agreed"; readonly agreed: unknown; readonly questioned: Questioned }
  /** `text` is for the model. */
  | { readonly kind: "refused"; readonly text: string; readonly questioned: Questioned }
  /** The user is being asked. The call is answered with `result`. */
  | { readonly kind: "pending"; readonly result: Result };

/**
 * Reads what a call would lose, whatever the mode, and asks the user where the mode and the client
 * say so.
 */
export async function seekConsent(
  tool: Pick<Tool, "name" | "reach" | "consent">,
  args: Readonly<Record<string, unknown>>,
  context: ToolContext,
  consent: Consent,
): Promise<Consented> {
  const { mode, ask, serverName } = consent;
  const { earlier } = ask ?? {};
  if (earlier?.refusal !== undefined) {
    const reply = { kind: "answered", answer: earlier.refusal, agreed: undefined } as const;
    return consentedBy(tool.name, reply, earlier.question);
  }
  // A shell can lose anything: there is a question for each call, or none.
  const isBlind = tool.reach === "shell" && mode !== "always";
  const request = isBlind ? undefined : await tool.consent?.(args, context);
  const agreed = request?.agreed;
  const isPut = mode === "always" || (mode === "auto" && ask !== undefined);
  const isLeftToClient = request?.onlyIfAlways === true && mode !== "always";
  if (request?.question === undefined || isLeftToClient) {
    return { kind: "agreed", agreed, questioned: { answer: "no_question" } };
  }
  const question = onServer(request.question, serverName);
  if (!isPut) {
    const answer = mode === "never" ? "skipped_by_mode" : "client_cannot_ask";
    return { kind: "agreed", agreed, questioned: { answer, question } };
  }
  return await askUser(tool.name, { question, agreed }, context, ask);
}

async function askUser(
  name: string,
  asked: Asked,
  context: ToolContext,
  ask: AskUser | undefined,
): Promise<Consented> {
  const { question } = asked;
  const { length } = question.message;
  if (length > MAX_QUESTION_CHARS) {
    return refused(
      { answer: "too_long", question },
      `Not done: the question to the user would have ${length} characters.\n` +
        "Why: these are too many to agree to at once.\n" +
        "Next: name fewer in a call.",
    );
  }
  if (ask === undefined) {
    return notDone(
      { answer: "client_cannot_ask", question },
      "CONTAINARIUM_CONSENT=always requires asking the user first, and this client cannot ask.",
      "ask the user; they can do it from a client that can ask, or by hand on the host.",
    );
  }
  try {
    const reply = await ask(asked, context);
    switch (reply.kind) {
      case "pending":
        return reply;
      case "preapproved":
        return {
          kind: "agreed",
          agreed: reply.agreed,
          questioned: { answer: reply.kind, question },
        };
      case "answered":
        return consentedBy(name, reply, question);
    }
  } catch (error) {
    if (context.signal.aborted || error instanceof RecordError) throw error;
    if (isObject(error) && error.code === ErrorCode.RequestTimeout) {
      return notDone(
        { answer: "expired", question },
        "nobody answered the question in time, and it was withdrawn.",
        `do not call ${name} for it again unless the user asks.`,
      );
    }
    const why = `the user could not be asked: ${reasonOf(error)}`;
    return notDone({ answer: "not_put", question }, why, "ask the user what to do.");
  }
}

function consentedBy(
  name: string,
  { answer, agreed }: Extract<Reply, { kind: "answered" }>,
  question: ConsentQuestion,
): Consented {
  const said = readAnswer(answer);
  switch (said) {
    case "accepted":
      return { kind: "agreed", agreed, questioned: { answer: said, question } };
    case "unanswered":
      return notDone(
        { answer: said, question },
        "this client returned no answer to the form of the question; the user may not have seen it.",
        "ask the user; they can do it from a client that shows the form, or by hand on the host.",
      );
    case "unchecked":
    case "declined":
    case "closed":
      return refused(
        { answer: said, question },
        `The user declined: ${question.message}\n` +
          `Why: this server asked, and the user ${refusals[said]}.\n` +
          `Next: this is final for this call; do not call ${name} for it again unless they ask.`,
      );
  }
}

function refused(questioned: Questioned, text: string): Consented {
  return { kind: "refused", text, questioned };
}

function notDone(
  questioned: Questioned & { readonly question: ConsentQuestion },
  why: string,
  next: string,
): Consented {
  const { message } = questioned.question;
  return refused(questioned, `Not done: ${message}\nWhy: ${why}\nNext: ${next}`);
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
