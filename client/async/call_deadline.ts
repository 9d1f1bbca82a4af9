import { ContainariumError } from "../errors.ts";
import type { CallOptions } from "./call_options.ts";
import { MAX_TIMER_MS } from "./delay.ts";

/** Signals of calls, which need no second one. */
const known = new WeakSet<AbortSignal>();

/**
 * Turns the `signal` and `timeoutMs` of a call into a signal for everything that the call does. It aborts with
 * an error of this library, whatever the caller's reason is, so that the call may throw it wherever it is.
 * Disposing stops the timer and the listener on the caller's signal.
 */
export class CallDeadline implements CallOptions, Disposable {
  /** Aborts with `cancelled` when the caller's does, or with `timeout` when the time is up. */
  readonly signal: AbortSignal | undefined;
  readonly #stop: () => void = () => {};

  /**
   * Starts the timer.
   *
   * @throws {ContainariumError} `invalid_argument` for a time that is not positive
   */
  constructor({ signal, timeoutMs }: CallOptions) {
    if (timeoutMs !== undefined && !(timeoutMs > 0)) {
      throw new ContainariumError("invalid_argument", `timeoutMs cannot be ${timeoutMs}`);
    }
    const isLimited = timeoutMs !== undefined && timeoutMs <= MAX_TIMER_MS;
    if (!isLimited && (signal === undefined || known.has(signal))) {
      this.signal = signal;
      return;
    }
    const over = new AbortController();
    known.add(over.signal);
    const giveUp = () => over.abort(asError(signal?.reason));
    const timer = isLimited
      ? setTimeout(() => over.abort(expired(timeoutMs)), timeoutMs)
      : undefined;
    signal?.addEventListener("abort", giveUp, { once: true });
    if (signal?.aborted) giveUp();
    this.signal = over.signal;
    this.#stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    };
  }

  /** Stops the timer. */
  [Symbol.dispose](): void {
    this.#stop();
  }
}

/** Returns the error of a call whose time limit expired, or `undefined` if it has not. */
export function expiryOf(signal: AbortSignal | undefined): ContainariumError | undefined {
  const reason: unknown = signal?.reason;
  return reason instanceof ContainariumError && reason.code === "timeout" ? reason : undefined;
}

function asError(reason: unknown): ContainariumError {
  return reason instanceof ContainariumError
    ? reason
    : new ContainariumError("cancelled", "Cancelled", { cause: reason });
}

function expired(timeoutMs: number): ContainariumError {
  return new ContainariumError("timeout", `the call took over ${timeoutMs / 1_000} s`);
}

/** Returns whether the caller gave a call up, with its signal or its `timeoutMs`. */
export function isGivenUp(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true ||
    (error instanceof ContainariumError && error.code === "cancelled");
}
