/** Two time limits: until the headers, and for the whole exchange. */
export class RequestTimeouts implements Disposable {
  readonly #controller = new AbortController();
  readonly #headers: ReturnType<typeof setTimeout>;
  readonly #total: ReturnType<typeof setTimeout>;

  /** Starts both, in milliseconds. */
  constructor(headersTimeoutMs: number, totalTimeoutMs: number) {
    const stop = () =>
      this.#controller.abort(new DOMException("The daemon took too long", "TimeoutError"));
    this.#headers = setTimeout(stop, headersTimeoutMs);
    this.#total = setTimeout(stop, totalTimeoutMs);
  }

  /** Aborts with a `TimeoutError` when either is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the first one. */
  headersArrived(): void {
    clearTimeout(this.#headers);
  }

  /** Ends both. */
  [Symbol.dispose](): void {
    clearTimeout(this.#headers);
    clearTimeout(this.#total);
  }
}
