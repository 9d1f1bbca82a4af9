/**
 * Aborts with the first of several signals, until it is disposed. `AbortSignal.any` needs no disposal, but a
 * listener on its signal costs 20 µs and more, and its sources refer to it until memory is short.
 */
export class LinkedSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];

  /** @param sources Abort it with their reason */
  constructor(...sources: readonly (AbortSignal | undefined)[]) {
    this.#sources = sources.filter((source) => source !== undefined);
    for (const source of this.#sources) {
      source.addEventListener("abort", this.#onAbort, { once: true });
    }
    const aborted = this.#sources.find((source) => source.aborted);
    if (aborted !== undefined) this.abort(aborted.reason);
  }

  readonly #onAbort = ({ target }: Event) => {
    if (target instanceof AbortSignal) this.abort(target.reason);
  };

  /** Aborts with the reason of its first source to abort, or of {@linkcode LinkedSignal.abort}. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts, unless it has. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Stops listening to its sources. */
  [Symbol.dispose](): void {
    for (const source of this.#sources) source.removeEventListener("abort", this.#onAbort);
  }
}
