/** Decodes base64 that arrives in lines, wherever they are cut. */
export class Base64Lines {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** At most three characters, which are not whole bytes yet. */
  #rest = "";

  /** Takes a line and returns `true`, or `false` if it contains anything but base64. */
  take(line: string): boolean {
    const text = this.#rest + line;
    const end = text.length - text.length % 4;
    const rest = text.slice(end);
    const piece = /^[A-Za-z0-9+/=]*$/.test(rest) ? decoded(text.slice(0, end)) : undefined;
    if (piece === undefined) return false;
    this.#rest = rest;
    this.#pieces.push(piece);
    this.#length += piece.length;
    return true;
  }

  /** Returns the bytes of all lines. */
  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}

/** Returns `undefined` for anything else. The decoder ignores white space, so the length tells. */
function decoded(base64: string): Uint8Array | undefined {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  try {
    const bytes = Uint8Array.fromBase64(base64);
    return bytes.length === base64.length / 4 * 3 - padding ? bytes : undefined;
  } catch {
    return undefined;
  }
}
