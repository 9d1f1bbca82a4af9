/** A line that was longer than the limit; its text is dropped. */
export const tooLong: unique symbol = Symbol("too long");

const NEWLINE = 0x0a;

/**
 * Cuts bytes into lines, the last one also when it has no newline. Chunks are kept apart until
 * their line is whole, so a long line costs what its bytes cost.
 *
 * @param maxBytes Longer lines are dropped and reported as {@linkcode tooLong}
 * @param signal Ends it at once; the result of the last line is dropped
 */
export async function* readLines(
  input: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<string | typeof tooLong> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const take = (): string | typeof tooLong => {
    const line = bytes > maxBytes ? tooLong : join(pieces, bytes);
    pieces = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunksOf(input, signal)) {
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
  if (bytes > 0 && signal?.aborted !== true) yield take();
}

async function* chunksOf(
  input: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = input.getReader();
  const cancel = () => {
    reader.cancel(signal?.reason).catch(() => {});
  };
  signal?.addEventListener("abort", cancel);
  if (signal?.aborted === true) cancel();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    reader.releaseLock();
  }
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
