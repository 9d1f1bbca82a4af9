/**
 * Work that the daemon does while it holds a request open, for minutes. A caller may stop waiting
 * and come back: otherwise a second call would start the work again, and nobody would see how the
 * first one failed.
 *
 * @module
 */
import { expiryOf } from "./call_deadline.ts";
import { within } from "./deadline.ts";
import { ContainariumError, restate } from "../errors.ts";

/** Milliseconds to keep an outcome for the caller. */
const KEPT_MS = 10 * 60_000;
/** Maximum work in progress; the host is the bottleneck. */
const MAX_PENDING = 8;

/** Milliseconds after which a held request times out. */
export const MAX_HELD_MS = 60 * 60_000;

/** Identity of work. */
export interface WorkName {
  /** Equal for calls that ask for the same work. */
  readonly key: string;
  /** Display name: `The installation of nodejs in alice-container`. */
  readonly title: string;
}

type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown };

/** Work in progress, or ended recently. */
export interface Work<T> extends WorkName {
  /** Its outcome; never rejects. */
  readonly outcome: Promise<Outcome<T>>;
  /** When it ended, in milliseconds of `now`. */
  readonly endedAt: number | undefined;
}

/** Work of one kind in progress, at most one per user. */
export class PendingWork<T> implements Disposable {
  readonly #works = new Map<string, Work<T>>();
  readonly #stop = new AbortController();
  readonly #now: () => number;

  /** @param now Returns the time in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Returns the same work, in progress for this user or ended recently.
   *
   * @throws {ContainariumError} `conflict` if other work of this kind is in progress for the user
   */
  join(username: string, key: string): Work<T> | undefined {
    this.#forgetOld();
    const work = this.#works.get(username);
    if (work === undefined || work.key === key) return work;
    if (work.endedAt === undefined) {
      throw new ContainariumError(
        "conflict",
        `${work.title} is in progress with other arguments. Nothing was sent; call again with ` +
          `those to wait for it`,
        { reason: "pending_with_other_arguments", details: { username } },
      );
    }
    this.#works.delete(username);
    return undefined;
  }

  /** Returns whether the same work is in progress for this user, or ended recently. */
  has(username: string, key: string): boolean {
    this.#forgetOld();
    return this.#works.get(username)?.key === key;
  }

  /**
   * Starts work, or joins the same work of another call.
   *
   * @param run Does the work; the signal aborts only when the client is disposed
   * @throws {ContainariumError} `conflict` as `join`; `resource_exhausted` if too much is in
   * progress
   */
  begin(username: string, name: WorkName, run: (signal: AbortSignal) => Promise<T>): Work<T> {
    const joined = this.join(username, name.key);
    if (joined !== undefined) return joined;
    const underWay = [...this.#works.values()].filter(({ endedAt }) => endedAt === undefined);
    if (underWay.length >= MAX_PENDING) {
      throw new ContainariumError(
        "resource_exhausted",
        `${underWay.length} such calls are in progress, which is the maximum. Nothing was ` +
          `sent; wait for one of them`,
      );
    }
    const work = new BegunWork(name, run(this.#stop.signal), this.#now);
    this.#works.set(username, work);
    return work;
  }

  /** Drops work, so that the next call starts again. */
  forget(username: string): void {
    this.#works.delete(username);
  }

  /**
   * Waits up to `ms` for the work to settle. A settled result is returned once and then dropped.
   *
   * @returns Its result, or `undefined` while it continues
   * @throws How it failed; `cancelled` when the signal is aborted, or `ambiguous` when the time of the
   * call is up: both leave the work as it is
   */
  async wait(
    username: string,
    work: Work<T>,
    ms: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly value: T } | undefined> {
    const endedAt = work.endedAt;
    const isOver = await within(work.outcome, ms, signal);
    if (!isOver && signal?.aborted) throw notAwaited(work, signal);
    if (!isOver) return undefined;
    const outcome = await work.outcome;
    if (this.#works.get(username) === work) this.#works.delete(username);
    if (outcome.kind === "done") return { value: outcome.value };
    throw endedAt === undefined ? outcome.error : withAge(outcome.error, this.#now() - endedAt);
  }

  #forgetOld(): void {
    for (const [username, { endedAt }] of this.#works) {
      const isOld = endedAt !== undefined && this.#now() - endedAt > KEPT_MS;
      if (isOld) this.#works.delete(username);
    }
  }

  /** Aborts the requests; the daemon continues the work. */
  [Symbol.dispose](): void {
    this.#stop.abort(new DOMException("The client was closed", "AbortError"));
  }
}

class BegunWork<T> implements Work<T> {
  readonly key: string;
  readonly title: string;
  readonly outcome: Promise<Outcome<T>>;
  endedAt: number | undefined;

  constructor({ key, title }: WorkName, result: Promise<T>, now: () => number) {
    this.key = key;
    this.title = title;
    this.outcome = result.then(
      (value): Outcome<T> => ({ kind: "done", value }),
      (error: unknown): Outcome<T> => ({ kind: "failed", error }),
    ).finally(() => this.endedAt = now());
  }
}

function notAwaited({ title }: WorkName, signal: AbortSignal): ContainariumError {
  const expiry = expiryOf(signal);
  const why = expiry === undefined ? "Cancelled while waiting" : `Not awaited: ${expiry.message}`;
  return new ContainariumError(
    expiry === undefined ? "cancelled" : "ambiguous",
    `${why}. ${title} continues on the daemon`,
    { cause: signal.reason },
  );
}

/** Returns a failure that nobody has seen yet, with its age. */
function withAge(error: unknown, agoMs: number): unknown {
  if (!(error instanceof ContainariumError)) return error;
  const seconds = Math.round(agoMs / 1_000);
  return restate(
    error,
    `${error.message}. That was ${seconds} s ago, in the previous call; this call sent nothing`,
  );
}
