import { decodeBytes } from "../text/decode_bytes.ts";

/** More of one line is not kept: an entry of the journal is far below it. */
const MAX_LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

/** Cuts bytes that come in pieces into lines of text. */
export class Lines {
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** Takes the next bytes, and gives the lines that they complete. */
  push(bytes: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#keep(bytes.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
    return lines;
  }

  /** Gives the last line, where it has no end. */
  end(): readonly string[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.slice(0, MAX_LINE_BYTES - this.#length);
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#length += kept.length;
  }

  #take(): string {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#length = 0;
    return decodeBytes(bytes).replace(/\r$/, "");
  }
}

/** Four log files of 2,000 lines each come to fewer. */
const MAX_LINES = 10_000;

/**
 * The lines of bytes that are all there; of more than 10,000 the first.
 *
 * @param isWhole Whether a last line without an end is one
 */
export function linesOf(bytes: Uint8Array, isWhole: boolean): readonly string[] {
  const lines = new Lines();
  let end = -1;
  for (let count = 0; count < MAX_LINES; count++) {
    end = bytes.indexOf(NEWLINE, end + 1);
    if (end === -1) break;
  }
  const ended = lines.push(end === -1 ? bytes : bytes.subarray(0, end + 1));
  return isWhole ? [...ended, ...lines.end()] : ended;
}
