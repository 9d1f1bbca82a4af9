/**
 * The methods of resources, prompts and completion.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import type { Result, ServerCapabilities } from "@modelcontextprotocol/sdk/types.js";
import type { ContainariumClient, Logger } from "../client/mod.ts";
import { InFlightLimit } from "../client/internal.ts";
import {
  type ActivePrompts,
  type ActiveResources,
  type ActiveTools,
  type Conversation,
  once,
  type PolicySource,
  type QuotaGuard,
  type ToolContext,
  toolNamesOn,
} from "../tools/mod.ts";
import { Completions } from "./reading/completions.ts";
import type { JsonObject } from "./json.ts";
import type { Method, MethodCall, Methods } from "./methods.ts";
import { PromptShelf } from "./reading/prompts.ts";
import { ResourceShelf } from "./reading/resources.ts";
import { SKILLS_EXTENSION, SkillShelf } from "./reading/skills.ts";
import { subscriptionMethods } from "./updates/subscription_methods.ts";
import { ResourceUpdates, type UpdateTimes, usualUpdateTimes } from "./updates/resource_updates.ts";

/** What resources and prompts are read with. */
export interface ReadingOptions {
  /** Sends requests to the daemon. */
  readonly client: ContainariumClient;
  /** What can be read. */
  readonly resources: ActiveResources;
  /** What a model can do. */
  readonly tools: ActiveTools;
  /** What a user can start. */
  readonly prompts: ActivePrompts;
  /** The user's templates and quotas. */
  readonly policy: PolicySource;
  /** Counts what quotas hold for. */
  readonly quotas: QuotaGuard;
  /** How many are listed at a time. */
  readonly pageSize: number;
  /** How many milliseconds a client may keep a list. */
  readonly cacheMs: number;
  /** Times of updates. */
  readonly updateTimes: Partial<UpdateTimes>;
  /** Takes log lines that belong to no request. */
  readonly log: Logger;
  /** Sends a notification that belongs to no request. */
  readonly send: (method: string, params: JsonObject) => void;
  /** Aborts when the client says no more. */
  readonly inputEnded: AbortSignal;
  /** What calls left for later ones, and when the client has gone. */
  readonly conversation: Conversation;
}

/** What there is to read, and the methods that do it. */
export interface Reading {
  /** What a client learns of it: only what there is. */
  readonly capabilities: Pick<
    ServerCapabilities,
    "resources" | "prompts" | "completions" | "extensions"
  >;
  /** The methods. */
  readonly methods: Methods;
  /** Has those who are subscribed learn what a tool has changed; of any container without a username. */
  readonly changed: (username: string | undefined) => void;
  /** Resolves when nothing is read for subscribers any more, after they have gone. */
  readonly settled: () => Promise<void>;
}

/** Returns the methods of resources, prompts and completion, as far as there are any. */
export function readingMethods(options: ReadingOptions): Reading {
  const { pageSize, cacheMs } = options;
  const resources = new ResourceShelf(options.resources, pageSize);
  const prompts = new PromptShelf(options.prompts, resources, pageSize);
  const completions = new Completions(resources, prompts);
  const withContext =
    (answer: (params: unknown, context: ToolContext) => Promise<Result>) => (call: MethodCall) =>
      answer(call.params, contextOf(options, call));
  const ofResources: readonly [string, Method][] = [
    ["resources/list", { cacheMs, answer: ({ params }) => resources.list(params) }],
    ["resources/templates/list", {
      cacheMs,
      answer: ({ params }) => resources.listTemplates(params),
    }],
    ["resources/read", {
      // What it shows may be different by the time that a client asks again.
      cacheMs: 0,
      answer: withContext((params, context) => resources.read(params, context)),
    }],
  ];
  const ofPrompts: readonly [string, Method][] = [
    ["prompts/list", { cacheMs, answer: ({ params }) => prompts.list(params) }],
    ["prompts/get", { answer: withContext((params, context) => prompts.get(params, context)) }],
  ];
  const skills = new SkillShelf(options.resources, resources, pageSize);
  const ofSkills: readonly [string, Method][] = [
    ["skills/list", {
      cacheMs,
      answer: withContext((params, context) => skills.list(params, context)),
    }],
    ["skills/get", {
      cacheMs,
      answer: withContext((params, context) => skills.get(params, context)),
    }],
  ];
  const ofBoth: readonly [string, Method][] = [
    ["completion/complete", {
      answer: withContext((params, context) => completions.complete(params, context)),
    }],
  ];
  const updates = new ResourceUpdates({
    shelf: resources,
    client: options.client,
    contextFor: (signal) => contextOf(options, { signal, log: options.log }),
    times: { ...usualUpdateTimes, ...options.updateTimes },
    stop: options.conversation.ended,
  });
  const { send, inputEnded } = options;
  const ofUpdates = subscriptionMethods({ updates, send, inputEnded });
  const isAny = !resources.isEmpty || !prompts.isEmpty;
  return {
    capabilities: {
      ...(resources.isEmpty ? {} : { resources: { subscribe: true } }),
      ...(prompts.isEmpty ? {} : { prompts: {} }),
      ...(isAny ? { completions: {} } : {}),
      ...(skills.isEmpty ? {} : { extensions: { [SKILLS_EXTENSION]: {} } }),
    },
    methods: new Map([
      ...(resources.isEmpty ? [] : [...ofResources, ...ofUpdates]),
      ...(prompts.isEmpty ? [] : ofPrompts),
      ...(skills.isEmpty ? [] : ofSkills),
      ...(isAny ? ofBoth : []),
    ]),
    changed: (username) => updates.changed(username),
    settled: () => updates.settled(),
  };
}

/** What a resource or a prompt may use: it reports no progress, and is over with its answer. */
function contextOf(
  { client, policy, quotas, tools, conversation }: ReadingOptions,
  { signal, log }: Pick<MethodCall, "signal" | "log">,
): ToolContext {
  return {
    client,
    policy: once(policy),
    quotas,
    log,
    signal,
    conversation,
    bulkLimit: new InFlightLimit(1),
    tools: toolNamesOn(tools),
    toolsOff: tools.off,
    readOnly: tools.readOnly,
    continueAfterAnswer: () => {},
    progress: () => {},
  };
}
