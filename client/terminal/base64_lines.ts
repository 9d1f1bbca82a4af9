/** Decodes base64 that arrives in lines, wherever they are cut. */
export class Base64Lines {
  /** Has room for more: an array for each line would be far larger than a short line's bytes. */
  #bytes = new Uint8Array();
  #length = 0;
  /** At most three characters, which are not whole bytes yet. */
  #rest = "";

  /** Takes a line and returns `true`, or `false` if it contains anything but base64. */
  take(line: string): boolean {
    const text = this.#rest + line;
    const end = text.length - text.length % 4;
    const rest = text.slice(end);
    if (!/^[A-Za-z0-9+/=]*$/.test(rest) || !this.#decode(text.slice(0, end))) return false;
    this.#rest = rest;
    return true;
  }

  /** Returns the bytes of all lines. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Returns `false` for anything else. The decoder ignores white space, so the length tells. */
  #decode(base64: string): boolean {
    const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
    const length = base64.length / 4 * 3 - padding;
    this.#makeRoomFor(length);
    try {
      const { read, written } = this.#bytes.subarray(this.#length).setFromBase64(base64);
      if (read !== base64.length || written !== length) return false;
    } catch {
      return false;
    }
    this.#length += length;
    return true;
  }

  #makeRoomFor(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}
