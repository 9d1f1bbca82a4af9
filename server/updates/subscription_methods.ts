/**
 * `resources/subscribe` and `resources/unsubscribe` of the older revisions, `subscriptions/listen` of the new.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { SubscribeRequestParamsSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { together } from "../../client/internal.ts";
import type { JsonObject } from "../json.ts";
import type { MethodCall, Methods } from "../methods.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import type { ResourceUpdates } from "./resource_updates.ts";

/** What subscriptions need. */
export interface SubscriptionOptions {
  /** Reports when resources change. */
  readonly updates: ResourceUpdates;
  /** Sends a notification of an older revision. */
  readonly send: (method: string, params: JsonObject) => void;
  /** Aborts when the client says no more. */
  readonly inputEnded: AbortSignal;
}

const UPDATED = "notifications/resources/updated";
/** In one request; the rest is not honored. */
const MAX_URIS = 2_000;

/** Returns the methods with which a client subscribes. */
export function subscriptionMethods(options: SubscriptionOptions): Methods {
  const subscriptions = new Subscriptions(options);
  return new Map([
    ["resources/subscribe", { only: "legacy", answer: (call) => subscriptions.add(call) }],
    ["resources/unsubscribe", { only: "legacy", answer: (call) => subscriptions.remove(call) }],
    ["subscriptions/listen", {
      only: "modern",
      isStream: true,
      answer: (call) => listen(options, call),
    }],
  ]);
}

/** What a client of an older revision is subscribed to. */
class Subscriptions {
  readonly #options: SubscriptionOptions;
  readonly #made = new Map<string, Promise<Disposable>>();

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  async add({ params }: Pick<MethodCall, "params">): Promise<JsonObject> {
    const uri = uriOf("resources/subscribe", params);
    const { updates, send } = this.#options;
    const known = this.#made.get(uri);
    const made = known ?? updates.watch(uri, () => send(UPDATED, { uri }));
    if (known === undefined) this.#made.set(uri, made);
    try {
      await made;
    } catch (error) {
      if (this.#made.get(uri) === made) this.#made.delete(uri);
      throw error;
    }
    return {};
  }

  async remove({ params }: Pick<MethodCall, "params">): Promise<JsonObject> {
    const uri = uriOf("resources/unsubscribe", params);
    const made = this.#made.get(uri);
    this.#made.delete(uri);
    // One that failed has said so.
    const subscription = await made?.catch(() => undefined);
    subscription?.[Symbol.dispose]();
    return {};
  }
}

function uriOf(method: string, params: unknown): string {
  const parsed = SubscribeRequestParamsSchema.safeParse(params);
  if (parsed.success) return parsed.data.uri;
  throw new RpcError(rpcCodes.invalidParams, `${method}: expected params {uri: string}`);
}

const listenParams = z.object({
  notifications: z.object({ resourceSubscriptions: z.array(z.string()).optional() }),
});

/** Stays open until the client cancels it or has no more to say. Lists do not change, so it reports none. */
async function listen(
  { updates, inputEnded }: SubscriptionOptions,
  { params, signal, notify }: Pick<MethodCall, "params" | "signal" | "notify">,
): Promise<JsonObject> {
  const parsed = listenParams.safeParse(params);
  if (!parsed.success) {
    throw new RpcError(
      rpcCodes.invalidParams,
      "subscriptions/listen: expected params {notifications: {resourceSubscriptions?: string[]}}",
    );
  }
  const { resourceSubscriptions: asked } = parsed.data.notifications;
  const uris = [...new Set(asked)].slice(0, MAX_URIS);
  using watching = new DisposableStack();
  if (uris.length === 0) watching.use(updates.hold());
  // The acknowledgment comes first, whatever happens meanwhile.
  let early: Set<string> | undefined = new Set();
  const report = (uri: string) => {
    if (early === undefined) notify(UPDATED, { uri });
    else early.add(uri);
  };
  const honored = await together(uris.map(async (uri) => {
    try {
      watching.use(await updates.watch(uri, () => report(uri)));
      return [uri];
    } catch (error) {
      if (error instanceof RpcError || signal.aborted) return [];
      throw error;
    }
  }));
  notify("notifications/subscriptions/acknowledged", {
    notifications: asked === undefined ? {} : { resourceSubscriptions: honored.flat() },
  });
  for (const uri of early) notify(UPDATED, { uri });
  early = undefined;
  await aborted(signal, inputEnded);
  return {};
}

/** Resolves when one of them aborts. */
async function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  for (const signal of signals) {
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  }
  await promise;
  for (const signal of signals) signal.removeEventListener("abort", end);
}
