import { delay } from "./delay.ts";

/** Options of `poll`. */
export interface PollOptions {
  /** Milliseconds between the first two attempts. */
  readonly firstMs: number;
  /**
   * Factor by which each pause is longer than the one before.
   *
   * @default {1}
   */
  readonly factor?: number | undefined;
  /**
   * Maximum milliseconds between two attempts.
   *
   * @default {Infinity}
   */
  readonly maxMs?: number | undefined;
  /**
   * Milliseconds to keep polling. The last attempt is at their end.
   *
   * @default {Infinity}
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Maximum number of attempts.
   *
   * @default {Infinity}
   */
  readonly looks?: number | undefined;
  /** Aborts the wait. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Pauses between two attempts.
   *
   * @default `delay`
   */
  readonly pause?: ((ms: number, signal: AbortSignal | undefined) => Promise<unknown>) | undefined;
}

/**
 * Polls until `isDone`, or until no time or attempt is left.
 *
 * @returns Result of the last attempt, done or not
 * @throws What `look` and `isDone` throw; the signal's reason, as soon as it is aborted in a pause
 */
export async function poll<T>(
  look: () => T | Promise<T>,
  isDone: (seen: T) => boolean,
  options: PollOptions,
): Promise<T> {
  const { firstMs, factor = 1, maxMs = Infinity, signal, pause = delay } = options;
  const { timeoutMs = Infinity, looks = Infinity } = options;
  const until = performance.now() + timeoutMs;
  let pauseMs = firstMs;
  for (let count = 1;; count++) {
    const seen = await look();
    const leftMs = until - performance.now();
    if (isDone(seen) || leftMs <= 0 || count >= looks) return seen;
    await pause(Math.min(pauseMs, leftMs), signal);
    pauseMs = Math.min(pauseMs * factor, maxMs);
  }
}
