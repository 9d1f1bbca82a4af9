import { GrowingBytes } from "./growing_bytes.ts";

/** Decodes base64 that arrives in lines, wherever they are cut. */
export class Base64Lines {
  readonly #bytes = new GrowingBytes();
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
    return this.#bytes.all();
  }

  /** Returns `false` for anything else. The decoder ignores white space, so the length tells. */
  #decode(base64: string): boolean {
    const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
    const length = base64.length / 4 * 3 - padding;
    try {
      const { read, written } = this.#bytes.room(length).setFromBase64(base64);
      if (read !== base64.length || written !== length) return false;
    } catch {
      return false;
    }
    this.#bytes.take(length);
    return true;
  }
}
