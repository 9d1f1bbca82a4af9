/**
 * Questions to the user in the revision 2026-07-28: the result of a call is the question, and a second call
 * carries the user's answer. The state in between stays in memory: what a client sends only selects the
 * question that it answers.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { ElicitResultSchema, type Result } from "@modelcontextprotocol/sdk/types.js";
import type { ConsentQuestion } from "../../tools/mod.ts";
import type { Asked, AskUser, EarlierQuestion, Reply } from "../consent.ts";
import { formOf, isRefusal } from "../consent_form.ts";
import { isObject, type JsonObject } from "../json.ts";
import { readResult } from "../stdio/messages.ts";
import type { QuestionRecord } from "../record/call_record.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";

/** Key of the only input request in a result. */
const KEY = "consent";
/** Maximum number of open questions; beyond it, the oldest is dropped. */
const MAX_OPEN_QUESTIONS = 100;

interface OpenQuestion {
  /** Digest of the method and the parameters of the call that was answered with it. */
  readonly call: string;
  /** Text for the user. */
  readonly question: ConsentQuestion;
  /** State behind the question. */
  readonly agreed: unknown;
  /** The record of the call, which that of the answering call goes on with. */
  readonly record: QuestionRecord | undefined;
  /** Expiry, in milliseconds of `performance.now()`. */
  readonly expiresAt: number;
}

/** A question, and the answer that the client sent. */
interface AnsweredQuestion {
  readonly open: OpenQuestion;
  readonly response: unknown;
}

/** The questions that wait for an answer. */
export class OpenQuestions {
  readonly #questionMs: number;
  readonly #open = new Map<string, OpenQuestion>();
  #hasEnded = false;

  /** @param questionMs How many milliseconds the user has to answer */
  constructor(questionMs: number) {
    this.#questionMs = questionMs;
  }

  /**
   * Returns a way to ask the user in one request. This closes the question that the request answers, if
   * any: its `requestState` is invalid from then on.
   *
   * @param asksByForm Whether the client declared that it shows forms
   * @returns `undefined` if the user cannot be asked
   * @throws {RpcError} -32602 if `requestState` is not that of an open question about this very call, or
   * for a malformed answer; -32021 for an answer from a client that declared no forms
   */
  async askerFor(
    method: string,
    params: JsonObject,
    asksByForm: boolean,
  ): Promise<AskUser | undefined> {
    const answered = await this.#take(method, params, asksByForm);
    if (!asksByForm) return undefined;
    const ask = async (asked: Asked): Promise<Reply> => {
      if (answered !== undefined && isAnswered(answered, asked)) {
        const answer = ElicitResultSchema.parse(readResponse(answered.response));
        // The state behind the question, not the current one: `run` does no more than was agreed to.
        return { kind: "answered", answer, agreed: answered.open.agreed };
      }
      await asked.record?.asked(asked.question);
      return { kind: "pending", result: await this.#ask(asked, await digestOf(method, params)) };
    };
    return Object.assign(ask, { earlier: answered && earlierOf(answered) });
  }

  /** Ends the records of the calls whose questions are open: the client has gone. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    const open = [...this.#open.values()];
    this.#open.clear();
    const now = performance.now();
    await Promise.all(
      open.map((one) => close(one, one.expiresAt <= now ? "expired" : "client_gone")),
    );
  }

  async #take(
    method: string,
    params: JsonObject,
    asksByForm: boolean,
  ): Promise<AnsweredQuestion | undefined> {
    const { requestState: state, inputResponses: responses = {} } = params;
    if ((state !== undefined && typeof state !== "string") || !isObject(responses)) {
      throw new RpcError(
        rpcCodes.invalidParams,
        `${method}: expected requestState to be text and inputResponses to be an object`,
      );
    }
    if (state === undefined) return undefined;
    const open = this.#open.get(state);
    this.#open.delete(state);
    // Otherwise a "no" without the capability would be ignored.
    if (!asksByForm) {
      throw new RpcError(
        rpcCodes.missingCapability,
        `${method}: requestState answers a question, which needs the capability elicitation`,
        { requiredCapabilities: { elicitation: { form: {} } } },
      );
    }
    if (open === undefined) throw noSuchQuestion(method);
    const isExpired = open.expiresAt <= performance.now();
    if (isExpired || open.call !== await digestOf(method, params)) {
      await close(open, isExpired ? "expired" : "unanswered");
      throw noSuchQuestion(method);
    }
    const response = Object.hasOwn(responses, KEY) ? responses[KEY] : undefined;
    return { open, response: response ?? undefined };
  }

  async #ask({ question, agreed, record }: Asked, call: string): Promise<Result> {
    await this.#makeRoom();
    const requestState = crypto.randomUUID();
    const expiresAt = performance.now() + this.#questionMs;
    const open = { call, question, agreed, record, expiresAt };
    if (this.#hasEnded) await close(open, "client_gone");
    else this.#open.set(requestState, open);
    return {
      resultType: "input_required",
      inputRequests: { [KEY]: formOf(question) },
      requestState,
    };
  }

  /** Drops expired questions, and the oldest beyond the maximum: the map is ordered by age. */
  async #makeRoom(): Promise<void> {
    const now = performance.now();
    const dropped: Promise<void>[] = [];
    for (const [state, open] of this.#open) {
      const isExpired = open.expiresAt <= now;
      if (!isExpired && this.#open.size < MAX_OPEN_QUESTIONS) break;
      this.#open.delete(state);
      dropped.push(close(open, isExpired ? "expired" : "unanswered"));
    }
    await Promise.all(dropped);
  }
}

/** Ends the record of a call whose question can no longer be answered. A full disk must not keep it open. */
async function close(
  { question, record }: OpenQuestion,
  why: "expired" | "unanswered" | "client_gone",
): Promise<void> {
  const isGone = why === "client_gone";
  record?.questioned({ answer: isGone ? undefined : why, question });
  await record?.ended({ outcome: isGone ? "cancelled" : "refused" }).catch(() => {});
}

function earlierOf({ open, response }: AnsweredQuestion): EarlierQuestion {
  const { question, record } = open;
  const { data: answer } = ElicitResultSchema.safeParse(readResponse(response));
  return {
    question,
    recordedAs: record?.call,
    refusal: answer && isRefusal(answer) ? answer : undefined,
  };
}

function readResponse(response: unknown): unknown {
  return isObject(response) ? readResult(response) : response;
}

/** Returns whether the answer is to this question: what would be lost may have changed since. */
function isAnswered(
  { open, response }: AnsweredQuestion,
  { question }: Asked,
): boolean {
  return response !== undefined && open.question.message === question.message &&
    open.question.confirm === question.confirm;
}

function noSuchQuestion(method: string): RpcError {
  return new RpcError(
    rpcCodes.invalidParams,
    `${method}: requestState is not that of an open question about this call. Each counts once, for 10 ` +
      "minutes, in the process that asked. Nothing was done; to ask anew, call again without it",
  );
}

/** Returns the same digest for a repeated call, in whatever order its members are written. */
async function digestOf(method: string, params: JsonObject): Promise<string> {
  const { _meta, requestState: _state, inputResponses: _responses, ...call } = params;
  const bytes = new TextEncoder().encode(JSON.stringify([method, call], sorted));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function sorted(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
