import { visible } from "../text/visible.ts";

/** Maximum number of characters of a line in a progress message. */
const MAX_CHARS = 160;
/** Colors and cursor movements. */
const escapes = new RegExp(`${"\x1b"}\\[[\\d;?]*[A-Za-z]`, "g");

/** Remembers the last line of what a command prints. */
export class LastLine {
  readonly #decoder = new TextDecoder();
  #tail = "";

  /** The last line that is not blank, made visible. */
  get text(): string {
    const lines = this.#tail.replace(escapes, "").split(/[\r\n]+/);
    return visible(lines.findLast((line) => line.trim() !== "") ?? "").slice(0, MAX_CHARS);
  }

  /** Takes what was printed. */
  take(piece: Uint8Array): void {
    const text = this.#decoder.decode(piece, { stream: true });
    this.#tail = (this.#tail + text).slice(-4 * MAX_CHARS);
  }
}
