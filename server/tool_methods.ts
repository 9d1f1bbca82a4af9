/**
 * `tools/list` and `tools/call`.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CallToolRequestParamsSchema,
  PaginatedRequestParamsSchema,
  type Result,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { ContainariumClient, GitHub } from "../client/mod.ts";
import { ifMeant, InFlightLimit } from "../client/internal.ts";
import {
  type ActiveResources,
  type ActiveTools,
  adviseTool,
  bareToolName,
  type Conversation,
  listedWith,
  once,
  partsOf,
  type PolicySource,
  type QuotaGuard,
  type ToolEntry,
  toolNamesOn,
} from "../tools/mod.ts";
import { answerOff, callTool } from "./calls/call.ts";
import { CallLimit, type CallLimits } from "./calls/call_limit.ts";
import type { ConsentMode } from "./serve_choices.ts";
import { isObject, parsed } from "./json.ts";
import type { MethodCall, Methods } from "./methods.ts";
import { Pages } from "./paging.ts";
import { Progress } from "./calls/progress.ts";
import { briefly, rpcCodes, RpcError } from "./rpc_error.ts";
import { shownLine } from "./shown.ts";
import type { Recorder } from "./record/recorder.ts";
import { showsViews, withView } from "./views.ts";

/** What tools are called with. */
export interface ToolMethodOptions {
  /** Sends requests to the daemon. */
  readonly client: ContainariumClient;
  /** What a model can do. */
  readonly tools: ActiveTools;
  /** What can be read: the views of tools are among it. */
  readonly resources: ActiveResources;
  /** The user's templates and quotas. */
  readonly policy: PolicySource;
  /** Holds calls to the quotas. */
  readonly quotas: QuotaGuard;
  /** When the user is asked before something is lost. */
  readonly consent: ConsentMode;
  /** What the daemon is called, where there are several. */
  readonly serverName: string | undefined;
  /** How many containers the bulk tools work on at once. */
  readonly bulkConcurrency: number;
  /** GitHub, if there is a token for it. */
  readonly github?: GitHub | undefined;
  /** Records calls that change something. */
  readonly recorder: Recorder;
  /** How many milliseconds of silence before progress is repeated. */
  readonly heartbeatMs: number;
  /** How long a call may take. */
  readonly callLimits: CallLimits;
  /** How many tools are listed at a time. */
  readonly pageSize: number;
  /** How many milliseconds a client may keep the list. */
  readonly cacheMs: number;
  /** Called when a tool may have changed something: of one container, or, without a username, of any. */
  readonly onChange: (username: string | undefined) => void;
  /** What calls left for later ones, and when the client has gone. */
  readonly conversation: Conversation;
}

/** Returns the methods of tools. */
export function toolMethods(options: ToolMethodOptions): Methods {
  const methods = new ToolMethods(options);
  return new Map([
    ["tools/list", { cacheMs: options.cacheMs, answer: (call) => methods.list(call) }],
    ["tools/call", { mayAsk: true, answer: (call) => methods.call(call) }],
  ]);
}

class ToolMethods {
  readonly #options: ToolMethodOptions;
  /** By the parts of the policy that were there when it was listed. */
  readonly #pages = new Map<string, Pages<ToolEntry>>();
  readonly #bulkLimit: InFlightLimit;
  readonly #names: ReadonlySet<string>;

  constructor(options: ToolMethodOptions) {
    this.#options = options;
    this.#bulkLimit = new InFlightLimit(options.bulkConcurrency);
    this.#names = toolNamesOn(options.tools);
  }

  async list(
    { params, capabilities }: Pick<MethodCall, "params" | "capabilities">,
  ): Promise<Result> {
    const parsed = PaginatedRequestParamsSchema.safeParse(params);
    if (!parsed.success) {
      throw new RpcError(rpcCodes.invalidParams, "tools/list: expected params {cursor?: string}");
    }
    const { items, ...next } = (await this.#listed()).at(parsed.data?.cursor);
    const { resources } = this.#options;
    const described = showsViews(capabilities)
      ? items.map((entry) => withView(entry, resources))
      : items.map(({ description }) => description);
    return { tools: described, ...next };
  }

  async #listed(): Promise<Pages<ToolEntry>> {
    const { policy, tools, pageSize } = this.#options;
    const parts = partsOf(await policy());
    const key = parts.join();
    const pages = this.#pages.get(key) ??
      new Pages("tools/list", listedWith(tools.on, parts), pageSize);
    this.#pages.set(key, pages);
    return pages;
  }

  async call({ params, signal, log, ask, clientInfo, ...call }: MethodCall): Promise<Result> {
    const { name, input } = readCall(params);
    const { client, policy, quotas, conversation, tools: { on, off, readOnly } } = this.#options;
    const entry = on.find((tool) => tool.name === name) ??
      on.find((tool) => tool.name === bareToolName(name));
    if (entry === undefined) {
      const reason = off.get(name) ?? off.get(bareToolName(name));
      if (reason !== undefined) return answerOff(bareToolName(name), reason);
      throw new RpcError(rpcCodes.invalidParams, client.redact(this.#unknown(name)));
    }
    using progress = this.#progress(call);
    // The request's signal ends with its answer; work that continues ends with the conversation.
    using limit = new CallLimit(this.#options.callLimits, signal, conversation.ended);
    const context = {
      client,
      policy: once(policy),
      quotas,
      log,
      conversation,
      bulkLimit: this.#bulkLimit,
      github: this.#options.github,
      signal: limit.signal,
      continueAfterAnswer: (work: Promise<unknown>) => limit.continueAfterAnswer(work),
      tools: this.#names,
      toolsOff: off,
      readOnly,
      progress: (done: number, total: number | undefined, message: string) =>
        progress?.report(done, total, shownLine(message)),
    };
    const { consent: mode, serverName, recorder } = this.#options;
    const consent = { mode, serverName, ask };
    try {
      const tool = await entry.load();
      const record = recorder.open(tool, entry.description, clientInfo);
      const answer = () => callTool(tool, input, context, consent, limit, record);
      return await (record === undefined ? answer() : recorder.track(answer));
    } finally {
      if (entry.effect !== "read") this.#options.onChange(usernameIn(input));
    }
  }

  #unknown(name: string): string {
    const { on, off } = this.#options.tools;
    const other = adviseTool(bareToolName(name));
    if (other === undefined) {
      const names = on.map(({ name }) => name);
      return `Unknown tool: ${briefly(name)}${ifMeant(bareToolName(name), names)}`;
    }
    const here = other.here.join(" or ");
    const reasons = other.here.flatMap((name) => {
      const reason = off.get(name);
      return reason === undefined ? [] : [` (${name} is off: ${reason})`];
    });
    return `Unknown tool: ${briefly(name)}; ` +
      `${here === "" ? "" : `use ${here}, `}${other.how}${reasons.join("")}`;
  }

  #progress({ progressToken, notify }: Pick<MethodCall, "progressToken" | "notify">) {
    if (progressToken === undefined) return undefined;
    return new Progress({
      heartbeatMs: this.#options.heartbeatMs,
      send: (report) => notify("notifications/progress", { progressToken, ...report }),
    });
  }
}

/** Whose container a call is about, if it is about one. */
function usernameIn(input: unknown): string | undefined {
  const args = typeof input === "string" ? parsed(input) : input;
  const username = isObject(args) ? args.username : undefined;
  return typeof username === "string" ? username.replace(/-container$/, "") : undefined;
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
