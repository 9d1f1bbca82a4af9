/** A client that keeps books: each request is answered exactly once, unless it is canceled. @module */
import { isObject } from "../../server/json.ts";
import type { Message, ProcessSession } from "../connect.ts";
import { envelope, withForms } from "../server/modern_envelope.ts";
import type { SeenCall } from "./record_faults.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What became of a call. */
export interface CallOutcome {
  /** `answered`: with a result or a protocol error. `canceled`: no answer came. `gone`: nor did the server stay. */
  readonly kind: "answered" | "canceled" | "gone";
  /** Whether it failed. */
  readonly isError: boolean;
  /** Kind of failure. */
  readonly code: string;
  /** What the model reads. */
  readonly text: string;
  /** The structured content. */
  readonly content: Fields;
}

/** How a call is made. */
export interface CallOptions {
  /** In the revision 2026-07-28. */
  readonly isModern: boolean;
  /** What the user answers, where there is a question. */
  readonly isAgreed: boolean;
  /** Cancels after that many milliseconds. */
  readonly cancelAfterMs?: number | undefined;
}

const MAX_QUESTIONS = 5;

function isQuestion(answer: Message | undefined): boolean {
  return answer?.result?.resultType === "input_required";
}

/** A conversation in both revisions at once. */
export class SoakClient {
  /** The server. */
  readonly session: ProcessSession;
  /** Requests sent, and whether each was canceled. */
  readonly #asked = new Map<string, boolean>();
  /** The calls, as they ended. */
  readonly seen: SeenCall[] = [];
  #isAgreed = true;

  /** @param session A server that is initialized, with forms declared */
  constructor(session: ProcessSession) {
    this.session = session;
    session.onRequest(
      "elicitation/create",
      () =>
        this.#isAgreed ? { action: "accept", content: { confirm: true } } : { action: "decline" },
    );
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.#asked.size;
  }

  /** Calls a tool, and answers its question. */
  async call(tool: string, args: Fields, options: CallOptions): Promise<CallOutcome> {
    const outcome = await this.#call(tool, args, options);
    const { kind, isError } = outcome;
    const became = kind !== "answered" ? undefined : isError ? "failed" : "ok";
    this.seen.push({ tool, outcome: became });
    return outcome;
  }

  async #call(tool: string, args: Fields, options: CallOptions): Promise<CallOutcome> {
    // Questions of the older revision do not say which call they belong to.
    this.#isAgreed = options.isAgreed;
    const params = { name: tool, arguments: args };
    let answer = await this.request("tools/call", params, options);
    // What would be lost may change between a question and its answer: then there is another.
    for (let asked = 0; isQuestion(answer) && asked < MAX_QUESTIONS; asked++) {
      const consent = options.isAgreed
        ? { action: "accept", content: { confirm: true } }
        : { action: "decline" };
      const requestState = answer?.result?.requestState;
      const again = { ...params, requestState, inputResponses: { consent } };
      answer = await this.request("tools/call", again, options);
    }
    return outcomeOf(answer, options);
  }

  /** Sends a request; undefined: it was canceled, or the server ended. */
  async request(
    method: string,
    params: Fields,
    { isModern, cancelAfterMs }: Pick<CallOptions, "isModern" | "cancelAfterMs">,
  ): Promise<Message | undefined> {
    const id = `soak-${this.#asked.size}`;
    this.#asked.set(id, false);
    const sent = isModern ? { ...params, _meta: envelope(withForms) } : params;
    const line = JSON.stringify({ jsonrpc: "2.0", id, method, params: sent });
    await this.session.send(`${line}\n`).catch(() => {});
    const answered = this.#answerTo(id);
    if (cancelAfterMs === undefined) return await answered;
    const canceled = Promise.withResolvers<undefined>();
    const timer = setTimeout(
      () => this.#cancel(id).then(() => canceled.resolve(undefined)),
      cancelAfterMs,
    );
    return await Promise.race([answered, canceled.promise]).finally(() => clearTimeout(timer));
  }

  /** What was not answered exactly once. */
  misanswered(): readonly string[] {
    const counts = new Map<unknown, number>();
    for (const { id, method } of this.session.messages) {
      if (method === undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return [...this.#asked].flatMap(([id, isCanceled]) => {
      const count = counts.get(id) ?? 0;
      const isRight = count === 1 || (count === 0 && isCanceled);
      return isRight ? [] : [`${id} was answered ${count} times`];
    });
  }

  /** Gives up what is not answered yet: the server is about to be left. */
  leave(): void {
    for (const id of this.#asked.keys()) this.#asked.set(id, true);
  }

  async #cancel(id: string): Promise<void> {
    this.#asked.set(id, true);
    await this.session.notify("notifications/cancelled", { requestId: id }).catch(() => {});
    // What was to come has come before this.
    await this.request("ping", {}, { isModern: false });
  }

  async #answerTo(id: string): Promise<Message | undefined> {
    try {
      return await this.session.next((message) =>
        message.id === id && message.method === undefined
      );
    } catch {
      return undefined;
    }
  }
}

function outcomeOf(
  answer: Message | undefined,
  { cancelAfterMs }: Pick<CallOptions, "cancelAfterMs">,
): CallOutcome {
  if (answer === undefined) {
    const kind = cancelAfterMs === undefined ? "gone" : "canceled";
    return { kind, isError: true, code: "cancelled", text: "", content: {} };
  }
  const { result = {}, error } = answer;
  const [block] = Array.isArray(result.content) ? result.content : [];
  const meta = isObject(result._meta) ? result._meta : {};
  return {
    kind: "answered",
    isError: error !== undefined || result.isError === true,
    code: String(error?.code ?? meta["containarium/code"] ?? ""),
    text: String(error?.message ?? block?.text ?? ""),
    content: isObject(result.structuredContent) ? result.structuredContent : {},
  };
}
