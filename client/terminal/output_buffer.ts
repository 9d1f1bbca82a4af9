import type { Omission } from "./run_options.ts";

/** Keeps the first and the last half of an output, and counts the bytes between. */
export class OutputBuffer {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  readonly #head: Uint8Array[] = [];
  #tail: Uint8Array[] = [];
  /** Index of the oldest piece of the tail: shifting the array each time would be slow. */
  #oldest = 0;
  #headBytes = 0;
  #tailBytes = 0;
  #omitted = 0;

  /** @param limit Maximum bytes to keep */
  constructor(limit: number) {
    this.#headLimit = Math.floor(limit / 2);
    this.#tailLimit = limit - this.#headLimit;
  }

  /** Appends bytes. */
  push(bytes: Uint8Array): void {
    // After a gap nothing goes to the head.
    const room = this.#omitted > 0 || this.#tailBytes > 0 ? 0 : this.#headLimit - this.#headBytes;
    const first = bytes.subarray(0, room);
    const rest = bytes.subarray(first.length);
    if (first.length > 0) {
      this.#head.push(first);
      this.#headBytes += first.length;
    }
    if (rest.length > 0) this.#pushTail(rest);
  }

  /** Counts bytes that were not received. */
  skip(count: number): void {
    if (count <= 0) return;
    this.#omitted += count + this.#tailBytes;
    this.#tail = [];
    this.#oldest = 0;
    this.#tailBytes = 0;
  }

  /** Returns what was kept, and where the gap is. */
  result(): { readonly bytes: Uint8Array; readonly omission: Omission } {
    return {
      bytes: joined(
        [...this.#head, ...this.#tail.slice(this.#oldest)],
        this.#headBytes + this.#tailBytes,
      ),
      omission: { at: this.#headBytes, bytes: this.#omitted },
    };
  }

  #pushTail(bytes: Uint8Array): void {
    this.#tail.push(bytes);
    this.#tailBytes += bytes.length;
    while (this.#tailBytes > this.#tailLimit) {
      const oldest = this.#tail[this.#oldest] ?? bytes;
      const over = this.#tailBytes - this.#tailLimit;
      const drop = Math.min(over, oldest.length);
      if (drop === oldest.length) this.#oldest++;
      else this.#tail[this.#oldest] = oldest.subarray(drop);
      this.#tailBytes -= drop;
      this.#omitted += drop;
    }
    if (this.#oldest * 2 <= this.#tail.length) return;
    this.#tail = this.#tail.slice(this.#oldest);
    this.#oldest = 0;
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
