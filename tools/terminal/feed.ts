import { delay } from "../../client/mod.ts";
import type { Screen } from "./screen.ts";

/** What a terminal prints, and when. */
export class Feed {
  /** What it shows. */
  readonly screen: Screen;
  /** Counts what was printed. */
  #pieces = 0;
  #lastAt = -Infinity;
  #changed = Promise.withResolvers<void>();
  #endReason: string | undefined;

  /** @param screen What it is shown on */
  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** How many pieces were printed. */
  get pieces(): number {
    return this.#pieces;
  }

  /** When the last one was, by `performance.now()`. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Why nothing more will come. */
  get endReason(): string | undefined {
    return this.#endReason;
  }

  /** Resolves at the next piece, or at the end. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Takes a piece. */
  print(text: string): void {
    this.screen.write(text);
    this.#pieces++;
    this.#lastAt = performance.now();
    this.#tell();
  }

  /** Nothing more will come. */
  end(reason: string): void {
    this.#endReason ??= reason;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/**
 * Waits for a promise, but not for long.
 *
 * @throws The signal's reason, as soon as it is aborted
 */
export async function waitAtMost(
  promise: Promise<void>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([
      promise,
      delay(Math.max(milliseconds, 0), AbortSignal.any([signal, over.signal])),
    ]);
  } finally {
    over.abort();
  }
}
