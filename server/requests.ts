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
import { LinkedSignal, readTraceContext, withTrace } from "../client/internal.ts";
import { userOf } from "./consent.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { Method, MethodCall, Methods } from "./methods.ts";
import { type Envelope, readEnvelope, withoutEnvelope } from "./modern/envelope.ts";
import { OpenQuestions } from "./modern/open_questions.ts";
import { metaKeys } from "./modern/revision.ts";
import { stampError, stampResult } from "./modern/stamp.ts";
import { Notices } from "./log/notices.ts";
import { wireId } from "./stdio/request_ids.ts";
import { briefly, rpcCodes, RpcError } from "./rpc_error.ts";

/** What requests are answered with. */
export interface HandlerOptions {
  /** What is served. */
  readonly methods: Methods;
  /** What a client of an older revision declared in `initialize`. Absent before. */
  readonly capabilities: () => ClientCapabilities | undefined;
  /** What a client of an older revision called itself in `initialize`. Absent before. */
  readonly clientInfo: () => JsonObject | undefined;
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

/** A request that is being answered. */
interface OpenRequest {
  readonly name: string;
  readonly extra: Extra;
  /** Whether the client still listens for what belongs to it. */
  readonly isHeard: () => boolean;
  /** What does not depend on the revision. */
  readonly call: Pick<MethodCall, "params" | "progressToken" | "signal">;
}

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
    using linked = new LinkedSignal(extra.signal, this.#options.stop);
    const request: OpenRequest = {
      name,
      extra,
      isHeard: () => isOpen && !extra.signal.aborted,
      call: {
        params: isObject(params) ? params : {},
        progressToken: extra._meta?.progressToken,
        signal: linked.signal,
      },
    };
    const answer = () =>
      envelope === undefined
        ? this.#answerLegacy(method, request)
        : this.#answerModern(method, request, envelope);
    const trace = readTraceContext(extra._meta ?? {});
    try {
      return trace === undefined ? await answer() : await withTrace(trace, answer);
    } finally {
      isOpen = false;
    }
  }

  /** Gives up the questions that wait for an answer, since the client has gone. */
  async end(): Promise<void> {
    await this.#questions.end();
  }

  #methodOf(name: string, revision: "legacy" | "modern"): Method {
    const method = this.#options.methods.get(name);
    if (method !== undefined && (method.only ?? revision) === revision) return method;
    if (method?.only === "modern") throw withoutEnvelope(name);
    throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${briefly(name)}`);
  }

  async #answerLegacy(
    method: Method,
    { call, extra, isHeard }: OpenRequest,
  ): Promise<Result> {
    const { capabilities, clientInfo, loggerFor, notices, questionMs } = this.#options;
    return await method.answer({
      ...call,
      capabilities: capabilities() ?? {},
      clientInfo: clientInfo() ?? {},
      log: loggerFor(notices),
      notify: this.#notifier(isHeard),
      ask: method.mayAsk === true ? userOf(capabilities(), extra, questionMs) : undefined,
    });
  }

  async #answerModern(
    method: Method,
    { name, call, extra, isHeard }: OpenRequest,
    { capabilities, clientInfo, logLevel, asksByForm }: Envelope,
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
      ? await this.#questions.askerFor(name, call.params, asksByForm)
      : undefined;
    try {
      const result = await method.answer({ ...call, capabilities, clientInfo, log, notify, ask });
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
