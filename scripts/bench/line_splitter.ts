/** Splits bytes into lines, in time proportional to their number however they arrive. @module */

/** The line feed. */
const END = 0x0a;

/** Keeps the pieces of a line until it is complete. */
export class LineSplitter {
  #pieces: Uint8Array[] = [];

  /** Takes what has arrived; returns the lines that it completes, in pieces. */
  split(chunk: Uint8Array): readonly (readonly Uint8Array[])[] {
    const lines: Uint8Array[][] = [];
    let from = 0;
    for (let end = chunk.indexOf(END); end >= 0; end = chunk.indexOf(END, from)) {
      lines.push([...this.#pieces, chunk.subarray(from, end)]);
      this.#pieces = [];
      from = end + 1;
    }
    if (from < chunk.length) this.#pieces.push(chunk.subarray(from));
    return lines;
  }
}

/** Returns the pieces as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
