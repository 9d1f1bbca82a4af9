/**
 * Two time limits, until the headers and for the whole exchange, and the caller's signal. It lets go of that
 * one at the end: the weak references of `AbortSignal.any` stay until memory is short.
 */
export class RequestTimeouts implements Disposable {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #headers: ReturnType<typeof setTimeout>;
  readonly #total: ReturnType<typeof setTimeout>;

  /** Starts both limits, in milliseconds. */
  constructor(headersTimeoutMs: number, totalTimeoutMs: number, caller: AbortSignal) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#giveUp, { once: true });
    if (caller.aborted) this.#giveUp();
    const stop = () =>
      this.#controller.abort(new DOMException("The daemon took too long", "TimeoutError"));
    this.#headers = setTimeout(stop, headersTimeoutMs);
    this.#total = setTimeout(stop, totalTimeoutMs);
  }

  readonly #giveUp = () => this.#controller.abort(this.#caller.reason);

  /** Aborts with the caller's reason, or with a `TimeoutError` when a limit is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the first limit. */
  headersArrived(): void {
    clearTimeout(this.#headers);
  }

  /** Ends both limits. */
  [Symbol.dispose](): void {
    this.#caller.removeEventListener("abort", this.#giveUp);
    clearTimeout(this.#headers);
    clearTimeout(this.#total);
  }
}
