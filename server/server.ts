/**
 * Wires tools to the SDK's protocol.
 *
 * @module
 */
import type { ContainariumClient, Logger } from "../client/mod.ts";
import { traced } from "../client/internal.ts";
import {
  type ActivePrompts,
  activePrompts,
  type ActiveResources,
  activeResources,
  type ActiveTools,
  oneLine,
  type PolicySource,
  QuotaGuard,
  withoutPolicy,
} from "../tools/mod.ts";
import { type CallLimits, defaultCallLimits } from "./call_limit.ts";
import type { ConsentMode } from "./consent.ts";
import { watchExpiry } from "./expiry.ts";
import { instructionsFor, serverInfo } from "./info.ts";
import { Notices } from "./notices.ts";
import { ServerProtocol } from "./protocol.ts";
import type { Method } from "./methods.ts";
import { discoverMethod } from "./modern/discover.ts";
import { readingMethods } from "./reading_methods.ts";
import { RequestHandler } from "./requests.ts";
import { type StdioOptions, StdioTransport } from "./stdio.ts";
import { shownFailure } from "./shown.ts";
import { toolMethods } from "./tool_methods.ts";
import { describeMessage, excerpt } from "./trace.ts";
import type { UpdateTimes } from "./updates/resource_updates.ts";

/** What a server is made of. */
export interface ServeOptions extends Pick<StdioOptions, "input" | "write"> {
  /** Sends requests to the daemon. */
  readonly client: ContainariumClient;
  /** What a model can do. */
  readonly tools: ActiveTools;
  /**
   * What can be read by its address.
   *
   * @default What stands on `tools`
   */
  readonly resources?: ActiveResources | undefined;
  /**
   * What a user can start.
   *
   * @default What stands on `tools`
   */
  readonly prompts?: ActivePrompts | undefined;
  /**
   * The user's templates and quotas.
   *
   * @default None
   */
  readonly policy?: PolicySource | undefined;
  /**
   * Holds calls to the quotas of `policy`; one for all conversations of a process.
   *
   * @default One of this conversation's own
   */
  readonly quotas?: QuotaGuard | undefined;
  /** Takes log lines, redacted. */
  readonly log: Logger;
  /**
   * When the user is asked before something is lost.
   *
   * @default {"auto"}
   */
  readonly consent?: ConsentMode | undefined;
  /** What the daemon is called; said in the instructions and in every question. */
  readonly serverName?: string | undefined;
  /**
   * How many containers the bulk tools work on at once, 1 to 10.
   *
   * @default {3}
   */
  readonly bulkConcurrency?: number | undefined;
  /**
   * How many milliseconds of silence before progress is repeated.
   *
   * @default {10_000}
   */
  readonly heartbeatMs?: number | undefined;
  /**
   * How many milliseconds the user has to answer a question.
   *
   * @default {600_000}
   */
  readonly questionMs?: number | undefined;
  /**
   * How long a call may take.
   *
   * @default 15 minutes beyond what its arguments ask for, and 10 seconds to clean up
   */
  readonly callLimits?: CallLimits | undefined;
  /**
   * How many tools are listed at a time.
   *
   * @default {100}
   */
  readonly pageSize?: number | undefined;
  /**
   * Whether protocol messages are logged too, as debug lines.
   *
   * @default {false}
   */
  readonly trace?: boolean | undefined;
  /**
   * Times of the updates of resources.
   *
   * @default {{ pollMs: 30_000, leastMs: 1_000, firstLookMs: 2_000 }}
   */
  readonly updateTimes?: Partial<UpdateTimes> | undefined;
  /** Ends it before the input does. */
  readonly signal?: AbortSignal | undefined;
}

/** How long a client of the new revision may keep what changes only with the token or the command line. */
const LISTS_KEEP_MS = 60 * 60 * 1000;

/** Serves MCP until the input ends, and then cancels what is in progress, in containers too. */
export async function serve(options: ServeOptions): Promise<void> {
  const { input, write, client, signal, policy = withoutPolicy } = options;
  const stop = new AbortController();
  const inputEnded = new AbortController();
  let terminalsClosed = Promise.resolve();
  const transport = new StdioTransport({
    input,
    write,
    onLastLine: () => inputEnded.abort(),
    onInputEnd: (unanswered) => {
      if (unanswered > 0) {
        options.log("info", `stdin has ended; requests in progress are canceled: ${unanswered}`);
      }
      stop.abort(new DOMException("The client has gone", "AbortError"));
      // Beside the last answers, not after them: a second is all there is.
      terminalsClosed = client.closeTerminals();
    },
    isStream: (method) => methods.get(method)?.isStream === true,
    redact: (line) => client.redact(line),
    trace: (direction, message) => {
      if (options.trace !== true) return;
      options.log("debug", client.redact(describeMessage(direction, message, options.tools)));
    },
    signal,
  });
  const send = (method: string, params: Readonly<Record<string, unknown>>) => {
    if (!stop.signal.aborted) transport.send({ jsonrpc: "2.0", method, params: { ...params } });
  };
  const quotas = options.quotas ?? new QuotaGuard();
  const pageSize = options.pageSize ?? 100;
  const resources = options.resources ?? activeResources(options.tools);
  const reading = readingMethods({
    client,
    tools: options.tools,
    resources,
    prompts: options.prompts ?? activePrompts(options.tools),
    policy,
    quotas,
    pageSize,
    cacheMs: LISTS_KEEP_MS,
    updateTimes: options.updateTimes ?? {},
    // What belongs to no request is for stderr alone.
    log: (level, message) => options.log(level, shownFailure(client.redact(message))),
    send,
    inputEnded: inputEnded.signal,
    stop: stop.signal,
  });
  const introduction = {
    capabilities: { tools: {}, ...reading.capabilities, logging: {} },
    serverInfo,
    instructions: instructionsFor(options.serverName),
  };
  const protocol = new ServerProtocol(introduction);
  const notices = new Notices((notice) => {
    if (protocol.clientCapabilities !== undefined) send("notifications/message", { ...notice });
  });
  const loggerFor = (reader: Notices | undefined): Logger => (level, message) => {
    const text = shownFailure(client.redact(message));
    options.log(level, traced(text));
    // A further line must not pass for a message of its own.
    reader?.tell(level, text.replaceAll("\n", "\n    "));
  };
  const methods = new Map<string, Method>([
    ...protocol.methods,
    ["server/discover", discoverMethod(introduction, LISTS_KEEP_MS)],
    ["logging/setLevel", {
      only: "legacy",
      answer: ({ params }) => {
        notices.setLevel(params);
        return {};
      },
    }],
    ...toolMethods({
      client,
      tools: options.tools,
      resources,
      policy,
      quotas,
      consent: options.consent ?? "auto",
      serverName: options.serverName,
      bulkConcurrency: options.bulkConcurrency ?? 3,
      heartbeatMs: options.heartbeatMs ?? 10_000,
      callLimits: options.callLimits ?? defaultCallLimits,
      pageSize,
      cacheMs: LISTS_KEEP_MS,
      onChange: reading.changed,
      stop: stop.signal,
    }),
    ...reading.methods,
  ]);
  const handler = new RequestHandler({
    methods,
    capabilities: () => protocol.clientCapabilities,
    loggerFor,
    notices,
    send,
    questionMs: options.questionMs ?? 600_000,
    stop: stop.signal,
  });
  protocol.fallbackRequestHandler = (request, extra) => handler.handle(request, extra);
  protocol.onerror = (error) =>
    options.log("warning", excerpt(oneLine(error.message), (text) => client.redact(text)));
  using _expiry = await watchExpiry(client, loggerFor(notices));
  await protocol.connect(transport);
  await transport.ended;
  await terminalsClosed;
}
