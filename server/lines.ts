/** A line that was longer than the limit; its text is dropped. */
export const tooLong: unique symbol = Symbol("too long");

const NEWLINE = 0x0a;

/**
 * Cuts bytes into lines, the last one also when it has no newline. Chunks are kept apart until
 * their line is whole, so a long line costs what its bytes cost.
 *
 * @param maxBytes Longer lines are dropped and reported as {@linkcode tooLong}
 */
export async function* readLines(
  input: ReadableStream<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string | typeof tooLong> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const take = (): string | typeof tooLong => {
    const line = bytes > maxBytes ? tooLong : join(pieces, bytes);
    pieces = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      const piece = chunk.subarray(start, end === -1 ? undefined : end);
      bytes += piece.length;
      if (bytes <= maxBytes) pieces.push(piece);
      else pieces = [];
      if (end === -1) break;
      yield take();
      start = end + 1;
    }
  }
  if (bytes > 0) yield take();
}

function join(pieces: readonly Uint8Array[], bytes: number): string {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return new TextDecoder().decode(only);
  const line = new Uint8Array(bytes);
  let offset = 0;
  for (const piece of pieces) {
    line.set(piece, offset);
    offset += piece.length;
  }
  return new TextDecoder().decode(line);
}
