import type { Omission } from "./run_options.ts";
import { GrowingBytes } from "./growing_bytes.ts";

/** Keeps the first and the last half of an output, and counts the bytes between. */
export class OutputBuffer {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  readonly #head = new GrowingBytes();
  /** Up to twice its limit: removing a few bytes each time would be slow. */
  readonly #tail = new GrowingBytes();
  /** How many came behind the head, or were not received. */
  #beyondHead = 0;
  #isAtLeast = false;

  /** @param limit Maximum bytes to keep */
  constructor(limit: number) {
    this.#headLimit = Math.floor(limit / 2);
    this.#tailLimit = limit - this.#headLimit;
  }

  /** Appends bytes. */
  push(bytes: Uint8Array): void {
    // After a gap nothing goes to the head.
    const room = this.#beyondHead > 0 ? 0 : this.#headLimit - this.#head.length;
    this.#head.push(bytes.subarray(0, room));
    const rest = bytes.subarray(room);
    this.#beyondHead += rest.length;
    this.#tail.push(rest.subarray(Math.max(0, rest.length - this.#tailLimit)));
    if (this.#tail.length > 2 * this.#tailLimit) this.#tail.keepLast(this.#tailLimit);
  }

  /**
   * Counts bytes that were not received.
   *
   * @param isAtLeast Whether there may have been more
   */
  skip(count: number, isAtLeast: boolean): void {
    if (count <= 0) return;
    this.#isAtLeast ||= isAtLeast;
    this.#beyondHead += count;
    this.#tail.keepLast(0);
  }

  /** Returns what was kept, and where the gap is. */
  result(): { readonly bytes: Uint8Array; readonly omission: Omission } {
    this.#tail.keepLast(this.#tailLimit);
    const bytes = new Uint8Array(this.#head.length + this.#tail.length);
    bytes.set(this.#head.all());
    bytes.set(this.#tail.all(), this.#head.length);
    const gap = { at: this.#head.length, bytes: this.#beyondHead - this.#tail.length };
    return { bytes, omission: this.#isAtLeast ? { ...gap, isAtLeast: true } : gap };
  }
}
