/** Much more than a policy or a CA bundle needs, and a bound for `/dev/zero`. */
const MAX_BYTES = 16 * 1_048_576;
const PIECE_BYTES = 64 * 1024;

/**
 * Reads a text file of at most 16 MiB, in UTF-8 or, with a byte order mark as Windows editors write
 * it, in UTF-16. The mark is not part of the text.
 *
 * @throws {RangeError} If it is longer
 * @throws Whatever `Deno.open` and reading throw
 */
export async function readTextFile(path: string): Promise<string> {
  using file = await Deno.open(path);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const piece = new Uint8Array(PIECE_BYTES);
    const length = await file.read(piece);
    if (length === null) break;
    pieces.push(piece.subarray(0, length));
    size += length;
    if (size > MAX_BYTES) throw new RangeError(`${path} is over ${MAX_BYTES} bytes`);
  }
  // Not Blob.bytes(), which Node 20 lacks: the npm package's launcher reads its files with this, too.
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}
