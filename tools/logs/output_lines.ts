import { decodeBytes } from "../text/decode_bytes.ts";

/** Maximum number of bytes kept of one line; an entry of the journal is far smaller. */
const MAX_LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

/** Splits bytes that arrive in pieces into lines of text. */
export class Lines {
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** Adds the next bytes, and returns the lines that they complete. */
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

  /** Returns the last line, if it has no line end. */
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

/** Maximum number of lines; four log files of 2,000 lines each, with this server's own, have fewer. */
const MAX_LINES = 12_000;

/**
 * Splits complete output into lines; beyond 12,000 lines the rest is dropped.
 *
 * @param isWhole Whether a last line without a line end counts
 */
export function splitLines(bytes: Uint8Array, isWhole: boolean): readonly string[] {
  const lines = new Lines();
  let end = -1;
  for (let count = 0; count < MAX_LINES; count++) {
    end = bytes.indexOf(NEWLINE, end + 1);
    if (end === -1) break;
  }
  const ended = lines.push(end === -1 ? bytes : bytes.subarray(0, end + 1));
  return isWhole ? [...ended, ...lines.end()] : ended;
}
