import type { ContainariumClient, GitHub, Logger } from "../client/mod.ts";
import {
  type ActivePrompts,
  activePrompts,
  type ActiveResources,
  activeResources,
  type ActiveTools,
  type PolicySource,
  QuotaGuard,
  withoutPolicy,
} from "../tools/mod.ts";
import { type CallLimits, defaultCallLimits } from "./calls/call_limit.ts";
import type { ConsentMode } from "./serve_choices.ts";
import type { RecordSink } from "./record/record_entry.ts";
import type { StdioOptions } from "./stdio/stdio_transport.ts";
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
  /**
   * Takes what is recorded of calls that change something, before they are carried out and after. One
   * that it rejects is not carried out.
   *
   * @default Nothing is recorded
   */
  readonly audit?: RecordSink | undefined;
  /** Address of the daemon, for the record. */
  readonly serverUrl?: string | undefined;
  /**
   * GitHub, for the toolset `runners`.
   *
   * @default None: those tools say that there is no token
   */
  readonly github?: GitHub | undefined;
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

/** The options that have a default. */
type Defaulted =
  | "resources"
  | "prompts"
  | "policy"
  | "quotas"
  | "consent"
  | "bulkConcurrency"
  | "heartbeatMs"
  | "questionMs"
  | "callLimits"
  | "pageSize"
  | "trace"
  | "updateTimes";

/** The options of a server with their defaults. */
export interface ServeSettings
  extends
    Pick<ServeOptions, "input" | "write" | "client" | "tools" | "log" | "signal">,
    Readonly<{ [Name in Defaulted]: NonNullable<ServeOptions[Name]> }> {
  /** What the daemon is called, where there are several. */
  readonly serverName: string | undefined;
  /** GitHub, if there is a token for it. */
  readonly github: GitHub | undefined;
  /** Takes what is recorded. */
  readonly audit: RecordSink | undefined;
  /** Address of the daemon, for the record. */
  readonly serverUrl: string | undefined;
  /** How many milliseconds a client of the new revision may keep a list. */
  readonly cacheMs: number;
}

/** Fills in the defaults. */
export function withDefaults(options: ServeOptions): ServeSettings {
  return {
    ...options,
    resources: options.resources ?? activeResources(options.tools),
    prompts: options.prompts ?? activePrompts(options.tools),
    policy: options.policy ?? withoutPolicy,
    quotas: options.quotas ?? new QuotaGuard(),
    consent: options.consent ?? "auto",
    serverName: options.serverName,
    audit: options.audit,
    github: options.github,
    serverUrl: options.serverUrl,
    bulkConcurrency: options.bulkConcurrency ?? 3,
    heartbeatMs: options.heartbeatMs ?? 10_000,
    questionMs: options.questionMs ?? 600_000,
    callLimits: options.callLimits ?? defaultCallLimits,
    pageSize: options.pageSize ?? 100,
    cacheMs: LISTS_KEEP_MS,
    trace: options.trace ?? false,
    updateTimes: options.updateTimes ?? {},
  };
}
