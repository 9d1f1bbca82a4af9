import type { Block } from "./agent_parser.ts";
import { cksum } from "./cksum.ts";

/** The bytes arrived damaged, so the session cannot be used any more. */
export class Damaged extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "Damaged";
}

/**
 * Decodes a block and verifies its length and checksum.
 *
 * @param most Maximum number of bytes
 * @throws {Damaged}
 */
export async function decodeBlock(block: Block, most: number): Promise<Uint8Array> {
  if (!(block.bytes >= 0 && block.bytes <= most)) throw new Damaged("A block of impossible size");
  if (block.bytes === 0) return new Uint8Array();
  const bytes = block.isGzip ? await gunzip(block.data, block.bytes) : block.data;
  const isWhole = bytes.length === block.bytes &&
    (block.checksum === undefined || cksum(bytes) === block.checksum);
  if (!isWhole) throw new Damaged("A block is not as it was sent");
  return bytes;
}

/** @throws {Damaged} */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text);
  } catch (cause) {
    throw new Damaged("Not base64", { cause });
  }
}

/** Stops at the maximum: a few bytes of gzip can hold gigabytes. */
async function gunzip(raw: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  try {
    const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
    for await (const chunk of stream) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
  } catch (cause) {
    throw new Damaged("Not the gzip that it should be", { cause });
  }
  return bytes.subarray(0, at);
}
