import type { TransferOptions } from "./transfer.ts";

/** How far a transfer is, and whether it may begin another step. */
export class Budget {
  /** Bytes and steps to do. */
  readonly #total: number;
  readonly #stopAt: number;
  readonly #options: TransferOptions;
  #done = 0;

  /**
   * @param total Bytes to transfer
   * @param startedAt `performance.now()` when the call began
   */
  constructor(total: number, startedAt: number, options: TransferOptions) {
    this.#total = total;
    this.#options = options;
    this.#stopAt = startedAt + (options.stopAfterMs ?? Infinity);
  }

  /** Whether the time is up. Something is always done, so that each call gets further. */
  get isOver(): boolean {
    return this.#done > 0 && performance.now() >= this.#stopAt;
  }

  /**
   * Counts bytes that are done.
   *
   * @throws The signal's reason
   */
  advance(bytes: number): void {
    this.#done += Math.max(1, bytes);
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.(Math.min(this.#done, this.#total), this.#total);
  }
}
