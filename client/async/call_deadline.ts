import { ContainariumError } from "../errors.ts";
import type { CallOptions } from "./call_options.ts";
import { MAX_TIMER_MS } from "./delay.ts";
import { LinkedSignal } from "./linked_signal.ts";

/**
 * Turns the `timeoutMs` of a call into a signal for everything that the call does. Disposing stops
 * the timer and the listener on the caller's signal.
 */
export class CallDeadline implements CallOptions, Disposable {
  /** Aborts with the caller's signal, or with a `timeout` error when the time is up. */
  readonly signal: AbortSignal | undefined;
  readonly #stop: () => void = () => {};

  /**
   * Starts the timer.
   *
   * @throws {ContainariumError} `invalid_argument` for a time that is not positive
   */
  constructor({ signal, timeoutMs }: CallOptions) {
    this.signal = signal;
    if (timeoutMs === undefined) return;
    if (!(timeoutMs > 0)) {
      throw new ContainariumError("invalid_argument", `timeoutMs cannot be ${timeoutMs}`);
    }
    if (timeoutMs > MAX_TIMER_MS) return;
    const linked = new LinkedSignal(signal);
    const timer = setTimeout(() => linked.abort(expired(timeoutMs)), timeoutMs);
    this.signal = linked.signal;
    this.#stop = () => {
      clearTimeout(timer);
      linked[Symbol.dispose]();
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

function expired(timeoutMs: number): ContainariumError {
  return new ContainariumError("timeout", `the call took over ${timeoutMs / 1_000} s`);
}

/** Returns whether the caller gave a call up, with its signal or its `timeoutMs`. */
export function isGivenUp(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true ||
    (error instanceof ContainariumError && error.code === "cancelled");
}
