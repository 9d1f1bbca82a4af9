/**
 * Questions to the user in the revision 2026-07-28: a call is answered with the question, and made again
 * with the user's answer. What lies between stays in memory, so that nothing which a client sends decides
 * more than which question it answers.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { ElicitResultSchema, type Result } from "@modelcontextprotocol/sdk/types.js";
import { type Asked, type AskUser, formOf } from "../consent.ts";
import { isObject, type JsonObject } from "../json.ts";
import { readResult } from "../messages.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";

/** Names the only request to the client in a result. */
const KEY = "consent";
/** More would be nobody's: the oldest goes, and whoever answers it is asked again. */
const MAX_OPEN_QUESTIONS = 100;

interface OpenQuestion {
  /** Digest of the method, the tool, the arguments and the question. */
  readonly subject: string;
  /** State behind the question. */
  readonly agreed: unknown;
  /** In milliseconds of `performance.now()`. */
  readonly expiresAt: number;
}

/** What a client sends with a call that it makes again. */
interface Answered {
  readonly open: OpenQuestion | undefined;
  readonly response: unknown;
}

/** Remembers what the user is being asked. */
export class OpenQuestions {
  readonly #questionMs: number;
  readonly #open = new Map<string, OpenQuestion>();

  /** @param questionMs How many milliseconds the user has to answer */
  constructor(questionMs: number) {
    this.#questionMs = questionMs;
  }

  /** How many questions are remembered. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Returns a way to ask the user in one request. The question that the request answers, if any, is closed
   * by this: a second request with the same answer is asked again.
   *
   * @param asksByForm Whether the client declared that it shows forms
   * @returns `undefined` if the user cannot be asked
   * @throws {RpcError} -32602 for a malformed answer; -32021 for one from a client that declared no forms
   */
  askerFor(method: string, params: JsonObject, asksByForm: boolean): AskUser | undefined {
    const answered = this.#take(method, params, asksByForm);
    if (!asksByForm) return undefined;
    return async (asked) => {
      const subject = await digestOf([method, asked.name, asked.args, asked.question]);
      const { open, response } = answered;
      if (open?.subject === subject && open.expiresAt > performance.now() && isObject(response)) {
        const answer = ElicitResultSchema.parse(readResult(response));
        // The state that was asked about, not the one of now: `run` does no more than was agreed to.
        return { kind: "answered", answer, agreed: open.agreed };
      }
      return { kind: "pending", result: this.#ask(asked, subject) };
    };
  }

  #take(method: string, params: JsonObject, asksByForm: boolean): Answered {
    const { requestState: state, inputResponses: responses = {} } = params;
    if ((state !== undefined && typeof state !== "string") || !isObject(responses)) {
      throw new RpcError(
        rpcCodes.invalidParams,
        `${method}: expected requestState to be text and inputResponses to be an object`,
      );
    }
    if (state === undefined) return { open: undefined, response: undefined };
    const open = this.#open.get(state);
    this.#open.delete(state);
    // Without this, a "no" would count for nothing if it came without the capability.
    if (!asksByForm) {
      throw new RpcError(
        rpcCodes.missingCapability,
        `${method}: requestState answers a question, which needs the capability elicitation`,
        { requiredCapabilities: { elicitation: { form: {} } } },
      );
    }
    return { open, response: Object.hasOwn(responses, KEY) ? responses[KEY] : undefined };
  }

  #ask({ question, agreed }: Asked, subject: string): Result {
    this.#makeRoom();
    const requestState = crypto.randomUUID();
    const expiresAt = performance.now() + this.#questionMs;
    this.#open.set(requestState, { subject, agreed, expiresAt });
    return {
      resultType: "input_required",
      inputRequests: { [KEY]: formOf(question) },
      requestState,
    };
  }

  /** Forgets what has expired, and the oldest if there are too many: they stand in order. */
  #makeRoom(): void {
    const now = performance.now();
    for (const [state, { expiresAt }] of this.#open) {
      if (expiresAt > now && this.#open.size < MAX_OPEN_QUESTIONS) return;
      this.#open.delete(state);
    }
  }
}

async function digestOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value, sorted));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** An object's members in one order: clients may write a call again in another. */
function sorted(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
