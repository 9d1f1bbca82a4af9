import { LinkedSignal } from "../async/linked_signal.ts";

/**
 * Combines two time limits, until the headers and for the whole exchange, with the caller's signal.
 * One timer serves both limits, since nearly every exchange is over long before the first.
 */
export class RequestTimeouts implements Disposable {
  readonly #linked: LinkedSignal;
  readonly #totalLeftMs: number;
  #hasHeaders = false;
  #timer: ReturnType<typeof setTimeout>;

  /** Starts both limits, in milliseconds; with a total of `Infinity` the exchange may go on for ever. */
  constructor(headersTimeoutMs: number, totalTimeoutMs: number, caller: AbortSignal) {
    this.#linked = new LinkedSignal(caller);
    const firstMs = Math.min(headersTimeoutMs, totalTimeoutMs);
    this.#totalLeftMs = totalTimeoutMs - firstMs;
    this.#timer = setTimeout(this.#firstIsOver, firstMs);
  }

  readonly #stop = () =>
    this.#linked.abort(new DOMException("The daemon took too long", "TimeoutError"));

  readonly #firstIsOver = () => {
    if (!this.#hasHeaders || this.#totalLeftMs === 0) this.#stop();
    else if (this.#totalLeftMs < Infinity) {
      this.#timer = setTimeout(this.#stop, this.#totalLeftMs);
    }
  };

  /** Aborts with the caller's reason, or with a `TimeoutError` at a limit. */
  get signal(): AbortSignal {
    return this.#linked.signal;
  }

  /** Ends the first limit. */
  headersArrived(): void {
    this.#hasHeaders = true;
  }

  /** Ends both limits. */
  [Symbol.dispose](): void {
    this.#linked[Symbol.dispose]();
    clearTimeout(this.#timer);
  }
}
