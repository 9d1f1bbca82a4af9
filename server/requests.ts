/**
 * Answers requests of both revisions of MCP, decided request by request.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/shared/protocol"
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import type {
  ClientCapabilities,
  JSONRPCRequest,
  Result,
  ServerNotification,
  ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "../client/mod.ts";
import { userOf } from "./consent.ts";
import { isObject } from "./json.ts";
import type { Method, MethodCall, Methods } from "./methods.ts";
import { type Envelope, readEnvelope } from "./modern/envelope.ts";
import { OpenQuestions } from "./modern/open_questions.ts";
import { metaKeys } from "./modern/revision.ts";
import { stampError, stampResult } from "./modern/stamp.ts";
import { Notices } from "./notices.ts";
import { wireId } from "./request_ids.ts";
import { briefly, rpcCodes, RpcError } from "./rpc_error.ts";

/** What requests are answered with. */
export interface HandlerOptions {
  /** What is served. */
  readonly methods: Methods;
  /** What a client of an older revision declared in `initialize`. Absent before. */
  readonly capabilities: () => ClientCapabilities | undefined;
  /** Makes a logger that writes to stderr and, if given, to a client. */
  readonly loggerFor: (notices: Notices | undefined) => Logger;
  /** The log of clients of older revisions. */
  readonly notices: Notices;
  /** Sends a notification. */
  readonly send: (method: string, params: Readonly<Record<string, unknown>>) => void;
  /** How many milliseconds the user has to answer a question. */
  readonly questionMs: number;
  /** Aborts when the client has gone. */
  readonly stop: AbortSignal;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Answers requests. */
export class RequestHandler {
  readonly #options: HandlerOptions;
  readonly #questions: OpenQuestions;

  /** @param options What requests are answered with */
  constructor(options: HandlerOptions) {
    this.#options = options;
    this.#questions = new OpenQuestions(options.questionMs);
  }

  /**
   * Answers one.
   *
   * @throws {RpcError} When it cannot be
   */
  async handle({ method: name, params }: JSONRPCRequest, extra: Extra): Promise<Result> {
    const envelope = readEnvelope(extra._meta);
    const method = this.#methodOf(name, envelope === undefined ? "legacy" : "modern");
    let isOpen = true;
    const isHeard = () => isOpen && !extra.signal.aborted;
    const call = {
      params: isObject(params) ? params : {},
      progressToken: extra._meta?.progressToken,
      signal: AbortSignal.any([extra.signal, this.#options.stop]),
    };
    try {
      return envelope === undefined
        ? await method.answer({ ...call, ...this.#legacy(method, extra, isHeard) })
        : await this.#answerModern({ ...method, name }, call, envelope, extra, isHeard);
    } finally {
      isOpen = false;
    }
  }

  #methodOf(name: string, revision: "legacy" | "modern"): Method {
    const method = this.#options.methods.get(name);
    if (method !== undefined && (method.only ?? revision) === revision) return method;
    throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${briefly(name)}`);
  }

  #legacy({ mayAsk = false }: Method, extra: Extra, isHeard: () => boolean): Seam {
    const { capabilities, loggerFor, notices, questionMs } = this.#options;
    return {
      log: loggerFor(notices),
      notify: this.#notifier(isHeard),
      ask: mayAsk ? userOf(capabilities(), extra, questionMs) : undefined,
    };
  }

  async #answerModern(
    method: Method & { readonly name: string },
    call: Omit<MethodCall, keyof Seam>,
    { logLevel, asksByForm }: Envelope,
    extra: Extra,
    isHeard: () => boolean,
  ): Promise<Result> {
    const subscription = method.isStream === true
      ? { [metaKeys.subscriptionId]: wireId(extra.requestId) }
      : {};
    const notify = this.#notifier(isHeard, subscription);
    const notices = logLevel === undefined ? undefined : new Notices(
      (notice) => notify("notifications/message", { ...notice }),
      logLevel,
    );
    const log = this.#options.loggerFor(notices);
    const ask = method.mayAsk === true
      ? this.#questions.askerFor(method.name, call.params, asksByForm)
      : undefined;
    try {
      const result = await method.answer({ ...call, log, notify, ask });
      return stampResult(method, result, subscription);
    } catch (error) {
      throw stampError(error);
    }
  }

  /** Sends nothing for a request that is answered or canceled. */
  #notifier(
    isHeard: () => boolean,
    extraMeta: Readonly<Record<string, unknown>> = {},
  ): MethodCall["notify"] {
    return (method, { _meta: meta, ...params }) => {
      if (!isHeard()) return;
      const merged = { ...isObject(meta) ? meta : {}, ...extraMeta };
      const hasMeta = Object.keys(merged).length > 0;
      this.#options.send(method, hasMeta ? { ...params, _meta: merged } : params);
    };
  }
}

/** What a call gets from its revision. */
type Seam = Pick<MethodCall, "log" | "notify" | "ask">;
