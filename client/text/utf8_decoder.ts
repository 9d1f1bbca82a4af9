/**
 * Decodes UTF-8 as it comes, without a byte order mark in front of it. Deno's decoder also removes one
 * inside the text if a piece begins with it.
 */
export class Utf8Decoder {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #hasBegun = false;

  /** Returns the text of the next bytes; half a character waits for its rest. */
  push(bytes: Uint8Array): string {
    return this.#withoutMark(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns U+FFFD if the text ended in half a character. */
  end(): string {
    return this.#withoutMark(this.#decoder.decode());
  }

  #withoutMark(text: string): string {
    if (this.#hasBegun || text === "") return text;
    this.#hasBegun = true;
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  }
}
