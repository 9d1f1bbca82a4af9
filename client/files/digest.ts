/**
 * SHA-256 of streams, which WebCrypto cannot do piece by piece.
 *
 * @module
 */
import type { Hash } from "node:crypto";

/** Returns the SHA-256 of a stream, in hexadecimal. */
export async function digestOf(bytes: ReadableStream<Uint8Array>): Promise<string> {
  const hash = await newHash();
  for await (const piece of bytes) hash.update(piece);
  return hash.digest("hex");
}

/** Returns the SHA-256 of bytes, in hexadecimal. */
export async function digestOfBytes(bytes: Uint8Array): Promise<string> {
  return (await newHash()).update(bytes).digest("hex");
}

/** Returns a hash to be filled. A bundle would import it at its start otherwise. */
export async function newHash(): Promise<Hash> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256");
}
