/**
 * Answers what the SDK does not answer by itself, with the specification's error codes.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/shared/protocol"
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CallToolRequestParamsSchema,
  type ClientCapabilities,
  type JSONRPCRequest,
  PaginatedRequestParamsSchema,
  type Result,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { ContainariumClient, Logger } from "../client/mod.ts";
import { InFlightLimit, nearest } from "../client/internal.ts";
import {
  type ActiveTools,
  adviseTool,
  bareToolName,
  type Conversation,
  once,
  type PolicySource,
  type QuotaGuard,
  type ToolEntry,
} from "../tools/mod.ts";
import { answerOff, callTool } from "./call.ts";
import { CallLimit, type CallLimits } from "./call_limit.ts";
import { type ConsentMode, userOf } from "./consent.ts";
import { isObject, parsed } from "./json.ts";
import type { Notices } from "./notices.ts";
import { Pages } from "./paging.ts";
import { Progress } from "./progress.ts";
import { rpcCodes, RpcError } from "./rpc_error.ts";
import { shownLine } from "./shown.ts";

/** What requests are answered with. */
export interface HandlerOptions {
  /** Sends requests to the daemon. */
  readonly client: ContainariumClient;
  /** What a model can do. */
  readonly tools: ActiveTools;
  /** The user's templates and quotas. */
  readonly policy: PolicySource;
  /** Holds calls to the quotas. */
  readonly quotas: QuotaGuard;
  /** When the user is asked before something is lost. */
  readonly consent: ConsentMode;
  /** What the daemon is called, where there are several. */
  readonly serverName: string | undefined;
  /** Takes log lines. */
  readonly log: Logger;
  /** Tells the client of them. */
  readonly notices: Notices;
  /** How many containers the bulk tools work on at once. */
  readonly bulkConcurrency: number;
  /** How many milliseconds of silence before progress is repeated. */
  readonly heartbeatMs: number;
  /** How many milliseconds the user has to answer a question. */
  readonly questionMs: number;
  /** How long a call may take. */
  readonly callLimits: CallLimits;
  /** How many tools are listed at a time. */
  readonly pageSize: number;
  /** Aborts when the client has gone. */
  readonly stop: AbortSignal;
  /** What the client can do. */
  readonly capabilities: () => ClientCapabilities | undefined;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Answers requests. */
export class RequestHandler {
  readonly #options: HandlerOptions;
  readonly #pages: Pages<ToolEntry>;
  readonly #conversation: Conversation;
  readonly #bulkLimit: InFlightLimit;

  /** @param options What requests are answered with */
  constructor(options: HandlerOptions) {
    this.#options = options;
    this.#conversation = { ended: options.stop };
    this.#bulkLimit = new InFlightLimit(options.bulkConcurrency);
    this.#pages = new Pages("tools/list", options.tools.on, options.pageSize);
  }

  /**
   * Answers one.
   *
   * @throws {RpcError} When it cannot be
   */
  async handle(request: JSONRPCRequest, extra: Extra): Promise<Result> {
    switch (request.method) {
      case "tools/list":
        return this.#list(request.params);
      case "tools/call":
        return await this.#call(request.params, extra);
      case "logging/setLevel":
        this.#options.notices.setLevel(request.params);
        return {};
      default:
        throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${briefly(request.method)}`);
    }
  }

  #list(params: unknown): Result {
    const parsed = PaginatedRequestParamsSchema.optional().safeParse(params);
    if (!parsed.success) {
      throw new RpcError(rpcCodes.invalidParams, "tools/list: expected params {cursor?: string}");
    }
    const { items, ...next } = this.#pages.at(parsed.data?.cursor);
    return { tools: items.map(({ description }) => description), ...next };
  }

  async #call(params: unknown, extra: Extra): Promise<Result> {
    const { name, input } = readCall(params);
    const { client, policy, quotas, log, tools: { on, off }, stop } = this.#options;
    const entry = on.find((tool) => tool.name === name) ??
      on.find((tool) => tool.name === bareToolName(name));
    if (entry === undefined) {
      const reason = off.get(name) ?? off.get(bareToolName(name));
      if (reason !== undefined) return { ...answerOff(bareToolName(name), reason) };
      throw new RpcError(rpcCodes.invalidParams, client.redact(this.#unknown(name)));
    }
    using progress = this.#progress(extra);
    using limit = new CallLimit(this.#options.callLimits, extra.signal, stop);
    const context = {
      client,
      policy: once(policy),
      quotas,
      log,
      conversation: this.#conversation,
      bulkLimit: this.#bulkLimit,
      signal: limit.signal,
      progress: (done: number, total: number | undefined, message: string) =>
        progress?.report(done, total, shownLine(message)),
    };
    const { consent: mode, capabilities, serverName, questionMs } = this.#options;
    const consent = { mode, serverName, ask: userOf(capabilities(), extra, questionMs) };
    return { ...await callTool(await entry.load(), input, context, consent, limit) };
  }

  #unknown(name: string): string {
    const { on, off } = this.#options.tools;
    const other = adviseTool(bareToolName(name));
    if (other === undefined) {
      const meant = nearest(bareToolName(name), on.map(({ name }) => name));
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      return `Unknown tool: ${briefly(name)}${hint}`;
    }
    const here = other.here.join(" or ");
    const reasons = other.here.flatMap((name) => {
      const reason = off.get(name);
      return reason === undefined ? [] : [` (${name} is off: ${reason})`];
    });
    return `Unknown tool: ${briefly(name)}; ` +
      `${here === "" ? "" : `use ${here}, `}${other.how}${reasons.join("")}`;
  }

  #progress({ _meta: meta, sendNotification }: Extra): Progress | undefined {
    const progressToken = meta?.progressToken;
    if (progressToken === undefined) return undefined;
    return new Progress({
      heartbeatMs: this.#options.heartbeatMs,
      send: (report) => {
        sendNotification({
          method: "notifications/progress",
          params: { progressToken, ...report },
        }).catch((error: Error) => this.#options.log("debug", error.message));
      },
    });
  }
}

const callParams = CallToolRequestParamsSchema.extend({ arguments: z.unknown().optional() });

/** A call's name and arguments; some clients send those as JSON text. */
function readCall(params: unknown): { readonly name: string; readonly input: unknown } {
  const { data } = callParams.safeParse(params);
  const given = data?.arguments ?? "";
  const isObjectOrText = isObject(given) ||
    (typeof given === "string" && (given === "" || isObject(parsed(given))));
  if (data === undefined || !isObjectOrText) {
    throw new RpcError(
      rpcCodes.invalidParams,
      "tools/call: expected params {name: string, arguments?: object}",
    );
  }
  return { name: data.name, input: given === "" ? {} : given };
}

/** A name that nobody would give is not sent back whole. */
function briefly(name: string): string {
  return name.length <= 100 ? name : `${name.slice(0, 100)}…`;
}
