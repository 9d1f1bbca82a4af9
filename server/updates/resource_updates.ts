/**
 * Reports when resources change, to whoever is subscribed.
 *
 * @module
 */
import type { ContainariumClient, ContainerEvent } from "../../client/mod.ts";
import { within, withoutTrace } from "../../client/internal.ts";
import type { ToolContext } from "../../tools/mod.ts";
import type { JsonObject } from "../json.ts";
import type { ResourceShelf } from "../reading/resources.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { StateChecks, type Watched } from "./state_checks.ts";

/** Times of updates, in milliseconds. */
export interface UpdateTimes {
  /** How often everything subscribed is looked at: the daemon reports few changes by itself. */
  readonly pollMs: number;
  /** Between two updates of one resource. */
  readonly leastMs: number;
  /** The longest that a subscriber waits until the state to compare with is known. */
  readonly firstLookMs: number;
}

/** The usual times. */
export const usualUpdateTimes: UpdateTimes = {
  pollMs: 30_000,
  leastMs: 1_000,
  firstLookMs: 2_000,
};

/** What updates need. */
export interface UpdateOptions {
  /** What can be subscribed to. */
  readonly shelf: ResourceShelf;
  /** Reports what happens to containers. */
  readonly client: ContainariumClient;
  /** Makes what resources are read with. */
  readonly contextFor: (signal: AbortSignal) => ToolContext;
  /** How long things take. */
  readonly times: UpdateTimes;
  /** Aborts when the client has gone. */
  readonly stop: AbortSignal;
}

/** Maximum number of subscriptions of a client, those to the same resource included. */
const MAX_SUBSCRIPTIONS = 2_000;

/** What is open while somebody is subscribed. */
interface Open extends Disposable {
  /** Looks at what the daemon itself says. */
  readonly quick: StateChecks;
  /** Looks at what is read in containers, which takes seconds. */
  readonly slow: StateChecks;
}

/** Reports when resources change. Nothing is open while nobody is subscribed. */
export class ResourceUpdates {
  readonly #options: UpdateOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #heard = new Set<string>();
  #subscriptions = 0;
  #open: Open | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  #isHearing = false;

  /** @param options What they need */
  constructor(options: UpdateOptions) {
    this.#options = options;
    options.stop.addEventListener("abort", () => this.#close(), { once: true });
  }

  /**
   * Calls back when the resource at a URI has changed since this resolved, once a second at most.
   *
   * @returns Ends it
   * @throws {RpcError} If there is no such resource, or there are too many subscriptions
   */
  async watch(uri: string, onUpdate: () => void): Promise<Disposable> {
    const { resource, values } = await this.#options.shelf.find(uri);
    this.#options.stop.throwIfAborted();
    const known = this.#watched.get(uri);
    this.#refuseTooMany({ uri });
    const watched = known ?? {
      uri,
      resource,
      values,
      onUpdate: new Set(),
      seen: Promise.withResolvers<void>(),
      isLate: false,
      reportedAt: -Infinity,
    };
    // The same function may be given twice.
    const report = () => onUpdate();
    watched.onUpdate.add(report);
    this.#subscriptions++;
    if (known === undefined) this.#add(watched);
    await within(watched.seen.promise, this.#options.times.firstLookMs);
    if (watched.state === undefined) watched.isLate = true;
    return { [Symbol.dispose]: () => this.#unwatch(watched, report) };
  }

  /**
   * Counts as a subscription without a resource: a request that stays open costs something, too.
   *
   * @returns Ends it
   * @throws {RpcError} If there are too many subscriptions
   */
  hold(): Disposable {
    this.#refuseTooMany({});
    this.#subscriptions++;
    return { [Symbol.dispose]: () => void this.#subscriptions-- };
  }

  #refuseTooMany(data: JsonObject): void {
    if (this.#subscriptions < MAX_SUBSCRIPTIONS) return;
    const message = `There are ${MAX_SUBSCRIPTIONS} subscriptions: end one before another`;
    throw new RpcError(rpcCodes.invalidParams, message, data);
  }

  /**
   * Looks at what this server may have changed.
   *
   * @param username Whose container; absent: any
   */
  changed(username?: string): void {
    for (const watched of this.#watched.values()) {
      const { username: owner } = watched.values;
      const isMeant = username === undefined || owner === undefined || owner === username;
      if (isMeant) this.#look(watched);
    }
  }

  /** Resolves when nothing is read any more, after it was stopped. */
  async settled(): Promise<void> {
    await this.#closed;
  }

  #add(watched: Watched): void {
    this.#watched.set(watched.uri, watched);
    // What never changes is known.
    if (watched.resource.state === undefined) return watched.seen.resolve();
    this.#open ??= withoutTrace(() => this.#start());
    this.#look(watched);
  }

  #unwatch(watched: Watched, report: () => void): void {
    if (watched.onUpdate.delete(report)) this.#subscriptions--;
    if (watched.onUpdate.size > 0 || this.#watched.get(watched.uri) !== watched) return;
    this.#watched.delete(watched.uri);
    this.#checksOf(watched)?.forget(watched);
    if (!this.#watched.values().some(({ resource }) => resource.state !== undefined)) this.#close();
  }

  #look(watched: Watched): void {
    if (watched.resource.state === undefined) return;
    // Rounds are for all that are subscribed, and follow each other.
    withoutTrace(() => this.#checksOf(watched)?.look(watched));
  }

  #checksOf({ resource }: Watched): StateChecks | undefined {
    return resource.reach === "container" ? this.#open?.slow : this.#open?.quick;
  }

  #start(): Open {
    const { client, contextFor, times: { pollMs, leastMs } } = this.#options;
    const end = new AbortController();
    const context = contextFor(end.signal);
    using made = new DisposableStack();
    const quick = made.use(new StateChecks({ context, leastMs, maxAtOnce: 4 }));
    const slow = made.use(new StateChecks({ context, leastMs, maxAtOnce: 2 }));
    const poll = setInterval(() => this.changed(), pollMs);
    made.defer(() => clearInterval(poll));
    made.use(client.events.watch({
      onEvent: (event) => this.#hear(event),
      // Whatever happened while no stream was open was not reported.
      onOpen: () => this.changed(),
    }));
    made.defer(() => end.abort(new DOMException("Nobody is subscribed", "AbortError")));
    const open = made.move();
    return { quick, slow, [Symbol.dispose]: () => open.dispose() };
  }

  #close(): void {
    const open = this.#open;
    open?.[Symbol.dispose]();
    this.#open = undefined;
    this.#closed = Promise.all([this.#closed, open?.quick.settled(), open?.slow.settled()]);
    if (!this.#options.stop.aborted) return;
    for (const { seen } of this.#watched.values()) seen.resolve();
    this.#watched.clear();
  }

  /** The daemon reports everybody's containers to everybody: what the token may not see is passed over. */
  async #hear({ username }: Pick<ContainerEvent, "username">): Promise<void> {
    this.#heard.add(username);
    if (this.#isHearing) return;
    this.#isHearing = true;
    try {
      while (this.#heard.size > 0) {
        const claims = await this.#options.client.tokenClaims().catch(() => undefined);
        const isAll = claims?.username === undefined || claims.roles.includes("admin");
        const heard = [...this.#heard].filter((username) => isAll || username === claims.username);
        this.#heard.clear();
        for (const username of heard) this.changed(username);
      }
    } finally {
      this.#isHearing = false;
    }
  }
}
