import { ContainariumError } from "../../client/mod.ts";
import { InFlightLimit, together } from "../../client/internal.ts";
import { type Resource, SharedReads, type ToolContext, type UriValues } from "../../tools/mod.ts";

/** A resource that somebody is subscribed to. */
export interface Watched {
  /** Its address. */
  readonly uri: string;
  /** The resource. */
  readonly resource: Resource;
  /** What stands in the URI in the places of its variables. */
  readonly values: UriValues;
  /** Called when it has changed. */
  readonly onUpdate: Set<() => void>;
  /** Resolves when its state was looked at for the first time, whatever came of it. */
  readonly seen: PromiseWithResolvers<void>;
  /** A digest of its state as it was last seen. Absent: it could not be read yet. */
  state?: string;
  /** Whether the subscriber was answered before its state was known, and so may have missed something. */
  isLate: boolean;
  /** When it was last reported. */
  reportedAt: number;
}

/** What checks need. */
export interface CheckOptions {
  /** What resources are read with; its signal ends everything. */
  readonly context: ToolContext;
  /** Milliseconds between two reports of a resource, and between two rounds. */
  readonly leastMs: number;
  /** How many are looked at, at a time. */
  readonly maxAtOnce: number;
}

/**
 * Looks whether resources have changed. Whatever is asked for while a round is on, or within a second of the
 * one before, is looked at together in the next: 500 events in a second cost what one costs.
 */
export class StateChecks implements Disposable {
  readonly #options: CheckOptions;
  readonly #limit: InFlightLimit;
  readonly #due = new Set<Watched>();
  #shared: SharedReads | undefined;
  #sharedAt = -Infinity;
  #roundEnded = -Infinity;
  #isInRound = false;
  #lastRound = Promise.resolve();
  #isUrgent = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param options What they need */
  constructor(options: CheckOptions) {
    this.#options = options;
    this.#limit = new InFlightLimit(options.maxAtOnce);
  }

  /** Looks at a resource as soon as it may. */
  look(watched: Watched): void {
    this.#due.add(watched);
    // Called for a thousand at once: the time is worked out for the first, and for the first that cannot wait.
    const isUrgent = isNew(watched);
    if (this.#timer !== undefined && (this.#isUrgent || !isUrgent)) return;
    this.#isUrgent = isUrgent;
    this.#schedule();
  }

  /** Looks at it no more. */
  forget(watched: Watched): void {
    this.#due.delete(watched);
  }

  #schedule(): void {
    if (this.#isInRound || this.#due.size === 0 || this.#options.context.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#lastRound = this.#round();
    }, this.#waitMs());
  }

  /** Who has just subscribed does not wait. */
  #waitMs(): number {
    if (this.#due.values().some(isNew)) return 0;
    const now = performance.now();
    const { leastMs } = this.#options;
    const last = this.#due.values().reduce(
      (least, { reportedAt }) => Math.min(least, reportedAt),
      Infinity,
    );
    return Math.max(0, Math.max(this.#roundEnded, last) + leastMs - now);
  }

  async #round(): Promise<void> {
    this.#timer = undefined;
    this.#isUrgent = false;
    const now = performance.now();
    const { context, leastMs } = this.#options;
    const isOpen = now - this.#roundEnded >= leastMs;
    const items = this.#due.values()
      .filter((item) => isNew(item) || (isOpen && now - item.reportedAt >= leastMs)).toArray();
    for (const item of items) this.#due.delete(item);
    this.#isInRound = true;
    const shared = this.#sharedFor(isOpen, now);
    try {
      await together(
        items.map((item) => this.#limit.run(() => this.#check(item, shared), context.signal)),
      );
    } catch (error) {
      if (!context.signal.aborted) context.log("error", `updates: ${error}`);
    } finally {
      this.#isInRound = false;
      if (isOpen) this.#roundEnded = performance.now();
      this.#schedule();
    }
  }

  /**
   * Who subscribes to one resource after the other has the daemon list its containers once a second, not
   * once for each: a state that is a little older than the subscription misses no change.
   */
  #sharedFor(isOpen: boolean, now: number): SharedReads {
    const { context, leastMs } = this.#options;
    if (!isOpen && this.#shared !== undefined && now - this.#sharedAt < leastMs) {
      return this.#shared;
    }
    this.#sharedAt = now;
    return this.#shared = new SharedReads(context);
  }

  async #check(item: Watched, shared: SharedReads): Promise<void> {
    const state = await this.#stateOf(item, shared);
    const { state: before, isLate } = item;
    if (state !== undefined) item.state = state;
    else if (before === undefined) item.isLate = true;
    item.seen.resolve();
    if (state === undefined || state === before) return;
    if (before === undefined && !isLate) return;
    item.isLate = false;
    item.reportedAt = performance.now();
    for (const report of [...item.onUpdate]) report();
  }

  /** Returns `undefined` if it cannot be read now: what comes of that is seen when it can be. */
  async #stateOf(
    { uri, resource, values }: Watched,
    shared: SharedReads,
  ): Promise<string | undefined> {
    const { context } = this.#options;
    try {
      return await digest(await resource.state?.(values, shared, context) ?? "");
    } catch (error) {
      if (context.signal.aborted) return undefined;
      // All of a round fail with what they share; the next one asks again.
      this.#shared = undefined;
      if (!(error instanceof ContainariumError)) {
        const reason = error instanceof Error ? error.stack ?? error.message : String(error);
        context.log("error", `${uri}: ${reason}`);
        return undefined;
      }
      context.log("debug", `${uri}: ${error.message}`);
      return isLasting(error) ? await digest(`${error.code} ${error.reason}`) : undefined;
    }
  }

  /** Resolves when no round is on. */
  async settled(): Promise<void> {
    await this.#lastRound;
  }

  /** Ends it. A round that is on ends with the signal. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#due.clear();
  }
}

function isNew({ state, isLate }: Watched): boolean {
  return state === undefined && !isLate;
}

/** Whether a failure says something about the resource, rather than about the way to the daemon. */
function isLasting({ code }: ContainariumError): boolean {
  switch (code) {
    case "not_found":
    case "permission_denied":
    case "failed_precondition":
    case "invalid_argument":
    case "unsupported":
    case "conflict":
      return true;
    case "unauthenticated":
    case "resource_exhausted":
    case "unavailable":
    case "timeout":
    case "cancelled":
    case "ambiguous":
    case "internal":
      return false;
  }
}

/** States are kept for as long as somebody is subscribed; a log's is long. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toBase64();
}
