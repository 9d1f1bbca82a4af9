/** Bytes that more are added to. An array for each piece would be far larger than a short piece. */
export class GrowingBytes {
  #bytes = new Uint8Array();
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Returns the array behind the bytes, with room for so many; {@linkcode take} adds what was written there. */
  room(length: number): Uint8Array<ArrayBuffer> {
    const needed = this.#length + length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.all());
      this.#bytes = larger;
    }
    return this.#bytes.subarray(this.#length, needed);
  }

  /** Adds so many bytes of the {@linkcode room}. */
  take(length: number): void {
    this.#length += length;
  }

  /** Adds bytes. */
  push(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes);
    this.take(bytes.length);
  }

  /** Removes all but the last ones. */
  keepLast(length: number): void {
    if (length >= this.#length) return;
    this.#bytes.copyWithin(0, this.#length - length, this.#length);
    this.#length = length;
  }

  /** Returns all of them, until more are added or removed. */
  all(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}
