import { Utf8Decoder, visible } from "../../client/internal.ts";

/** Maximum number of characters of a line in a progress message. */
const MAX_CHARS = 160;
/** Escape sequences for colors and cursor movements. */
const escapes = new RegExp(`${"\x1b"}\\[[\\d;?]*[A-Za-z]`, "g");

/** Keeps the last line that a command prints. */
export class LastLine {
  readonly #decoder = new Utf8Decoder();
  #tail = "";

  /** The last line that is not blank, made visible. */
  get text(): string {
    const lines = this.#tail.replace(escapes, "").split(/[\r\n]+/);
    return visible(lines.findLast((line) => line.trim() !== "") ?? "").slice(0, MAX_CHARS);
  }

  /** Adds output. */
  take(piece: Uint8Array): void {
    const text = this.#decoder.push(piece);
    this.#tail = (this.#tail + text).slice(-4 * MAX_CHARS);
  }
}
