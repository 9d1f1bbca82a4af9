import { delay } from "../../client/internal.ts";
import { howToGrant } from "../../tools/mod.ts";
import { readLines, type tooLong } from "../../server/stdio/lines.ts";
import { UsageError } from "../usage_error.ts";

/** An entry has at most 16 KB. */
const MAX_LINE_BYTES = 1024 * 1024;
const LOOK_EVERY_MS = 500;
const CHUNK_BYTES = 64 * 1024;

/**
 * Reads the lines of a record.
 *
 * @param isFollowed Whether to go on with what is added, until `signal` aborts
 * @throws {UsageError} If it cannot be read; the message says what to grant
 */
export async function* recordLines(
  path: string,
  isFollowed: boolean,
  signal: AbortSignal,
): AsyncGenerator<string | typeof tooLong, void> {
  using file = await open(path);
  const chunks = ReadableStream.from(chunksOf(file, isFollowed, signal));
  yield* readLines(chunks, MAX_LINE_BYTES, signal);
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new UsageError(
        `${path}: this process may not read it; ${howToGrant("it", { read: path })}`,
      );
    }
    const reason = error instanceof Deno.errors.NotFound ? "no such file" : String(error);
    throw new UsageError(`${path}: ${reason}`);
  }
}

async function* chunksOf(
  file: Deno.FsFile,
  isFollowed: boolean,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const count = await file.read(buffer);
    if (count !== null) yield buffer.subarray(0, count);
    else if (!isFollowed || signal.aborted) return;
    else await delay(LOOK_EVERY_MS, signal).catch(() => {});
  }
}
