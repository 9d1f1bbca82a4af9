/**
 * Asks the person before something is lost.
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
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import {
  type ConsentQuestion,
  type ConsentRequest,
  oneLine,
  type Tool,
  type ToolContext,
} from "../tools/mod.ts";

/**
 * When the person is asked before something is lost: where the client can ask, otherwise it is left
 * to the client's own approval (`auto`); always, refusing where it cannot be asked; or never.
 */
export type ConsentMode = "auto" | "always" | "never";

/** Every {@linkcode ConsentMode}. */
export const consentModes: readonly ConsentMode[] = ["auto", "always", "never"];

/** Puts a question to the person through the client. */
export type AskPerson = (question: ConsentQuestion, signal: AbortSignal) => Promise<ElicitResult>;

/** How consent is got. */
export interface Consent {
  /** When. */
  readonly mode: ConsentMode;
  /** `undefined` where the client cannot ask. */
  readonly ask: AskPerson | undefined;
  /** What the daemon is called, where there are several. */
  readonly serverName?: string | undefined;
}

const MOST_OF_A_REASON = 500;
/** As long as a timer can be: the person may think, and cancelling ends it. */
const LONGEST_MS = 2 ** 31 - 1;

/** A way to ask, where the client declared one. */
export function personOf(
  capabilities: ClientCapabilities | undefined,
  { sendRequest }: RequestHandlerExtra<ServerRequest, ServerNotification>,
): AskPerson | undefined {
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
    const options = { signal, timeout: LONGEST_MS };
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
  ask: AskPerson | undefined,
): Promise<string | undefined> {
  if (ask === undefined) {
    return `Not done: ${question.message}\n` +
      "Why: CONTAINARIUM_CONSENT=always wants the person asked first, and this client cannot ask.\n" +
      "Next: tell the person; they can do it from a client that can ask, or change that setting.";
  }
  context.progress(0, undefined, `Waiting for the person's answer: ${question.confirm}`);
  let answer: ElicitResult;
  try {
    answer = await ask(question, context.signal);
  } catch (error) {
    if (context.signal.aborted) throw error;
    const reason = reasonOf(error);
    return `Not done: ${question.message}\n` +
      `Why: the person could not be asked: ${reason}\n` +
      "Next: tell the person what was meant to be done.";
  }
  if (answer.action === "accept" && answer.content?.confirm === true) return undefined;
  return `The person declined: ${question.message}\n` +
    `Why: asked by this server, they ${declining(answer)}.\n` +
    `Next: this is final for this call; do not call ${tool.name} for it again unless they ask.`;
}

/** Whoever has several daemons has to see which of them is meant. */
function onServer(question: ConsentQuestion, name: string | undefined): ConsentQuestion {
  if (name === undefined) return question;
  const { message, confirm } = question;
  return { message: `On ${name}: ${message}`, confirm: `${confirm} on ${name}` };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return "its answer was none of accept, decline and cancel";
  return oneLine(error instanceof Error ? error.message : String(error)).slice(0, MOST_OF_A_REASON);
}

function declining({ action }: ElicitResult): string {
  switch (action) {
    case "accept":
      return "did not tick the box";
    case "decline":
      return "said no";
    case "cancel":
      return "closed the question";
  }
}
