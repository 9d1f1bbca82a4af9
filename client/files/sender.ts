import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { archivedNames, compress, type LoadedFile, pack } from "./archive.ts";
import type { Budget } from "./budget.ts";
import { type ContainerFolder, newMark } from "./container_folder.ts";
import type { Differences } from "./differences.ts";
import { digestOf, newHash } from "./digest.ts";
import type { FileSource } from "./transfer.ts";
import type { FileEntry, FolderEntry, LinkEntry, SkippedEntry } from "./tree.ts";
import {
  batchScript,
  CHUNK_BYTES,
  chunkScript,
  discardScript,
  finishScript,
  modeScript,
  partScript,
} from "./write_scripts.ts";

/** Files of one archive. More would make its script long. */
const BATCH_FILES = 500;
/** The scripts of batches of folders or links. */
const BATCH_NAMES = 2_000;

/** Sends what differs. Each step is complete by itself, so that a later call goes on after the last. */
export class Sender {
  /** Files and links that are in place. */
  sent = 0;
  /** Their size together. */
  sentBytes = 0;
  /** Files that changed or vanished while they were read. */
  readonly skipped: SkippedEntry[] = [];
  readonly #source: FileSource;
  readonly #folder: ContainerFolder;
  readonly #budget: Budget;
  readonly #hasGzip: boolean;
  readonly #call: CallOptions;

  constructor(
    source: FileSource,
    folder: ContainerFolder,
    budget: Budget,
    hasGzip: boolean,
    call: CallOptions,
  ) {
    this.#source = source;
    this.#folder = folder;
    this.#budget = budget;
    this.#hasGzip = hasGzip;
    this.#call = call;
  }

  /** Makes the folder itself. */
  async begin(): Promise<void> {
    await this.#makeFolders([]);
  }

  /** Sends everything that the time allows; returns whether that was all. */
  async send({ folders, files, links, modes }: Differences): Promise<boolean> {
    if (modes.length > 0) {
      await this.#run(modeScript(this.#folder.word, modes));
      this.#budget.advance(0);
    }
    for (const some of chunked(folders, BATCH_NAMES)) await this.#makeFolders(some);
    for (const some of chunked(links, BATCH_NAMES)) {
      if (this.#budget.isOver) return false;
      await this.#makeLinks(some);
    }
    const small = files.filter(({ size }) => size <= CHUNK_BYTES);
    for (const batch of batchesOf(small)) {
      if (this.#budget.isOver) return false;
      await this.#sendBatch(batch);
    }
    for (const file of files.filter(({ size }) => size > CHUNK_BYTES)) {
      if (!await this.#sendLarge(file)) return false;
    }
    return true;
  }

  async #makeFolders(folders: readonly FolderEntry[]): Promise<void> {
    const changes = {
      folders: folders.map(({ path }) => path),
      files: [],
      archive: "none",
    } as const;
    await this.#run(batchScript(this.#folder.word, newMark(), changes));
    this.#budget.advance(0);
  }

  async #makeLinks(links: readonly LinkEntry[]): Promise<void> {
    const changes = { folders: [], files: links, archive: "none" } as const;
    await this.#run(batchScript(this.#folder.word, newMark(), changes));
    this.sent += links.length;
    this.#budget.advance(0);
  }

  async #sendBatch(files: readonly FileEntry[]): Promise<void> {
    const loaded: LoadedFile[] = [];
    for (const entry of files) {
      const bytes = await this.#load(entry);
      if (bytes !== undefined) loaded.push({ entry, bytes });
    }
    if (loaded.length > 0) await this.#sendLoaded(loaded);
    const bytes = loaded.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.sent += loaded.length;
    this.sentBytes += bytes;
    this.#budget.advance(bytes);
  }

  async #sendLoaded(files: readonly LoadedFile[]): Promise<void> {
    const names = archivedNames(files.map(({ entry }) => entry));
    const placed = files.map(({ entry: { path } }, at) => ({ path, archived: names[at] }));
    const archive = await pack(files);
    const stdin = this.#hasGzip ? await compress(archive) : archive;
    const changes = {
      folders: [],
      files: placed,
      archive: this.#hasGzip ? "gzip" : "plain",
    } as const;
    await this.#run(batchScript(this.#folder.word, newMark(), changes), stdin);
  }

  /** Returns the bytes of a file, or `undefined` if it has grown beyond a batch or is gone. */
  async #load({ path }: FileEntry): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readAtMost(await this.#source.open(path), CHUNK_BYTES);
      if (bytes !== undefined) return bytes;
      this.skipped.push({ path, why: "it grew while it was read" });
    } catch (error) {
      this.#skip(path, error);
    }
    return undefined;
  }

  /** Sends a large file in pieces; those that are there already are not sent again. */
  async #sendLarge(file: FileEntry): Promise<boolean> {
    const { path, mode = 0o644, modifiedAt } = file;
    let hash: string;
    try {
      hash = await digestOf(await this.#source.open(path));
    } catch (error) {
      this.#skip(path, error);
      return true;
    }
    const word = this.#folder.word;
    const part = `${hash}.part`;
    const have = await this.#partBytes(part);
    const read = await newHash();
    let index = 0;
    let size = 0;
    for await (const piece of piecesOf(await this.#source.open(path))) {
      const isThere = (index + 1) * CHUNK_BYTES <= have;
      if (!isThere) {
        if (this.#budget.isOver) return false;
        await this.#run(chunkScript(word, newMark(), part, index), piece);
        this.sentBytes += piece.length;
      }
      this.#budget.advance(piece.length);
      read.update(piece);
      index += 1;
      size += piece.length;
      if (size > file.size) break;
    }
    if (read.digest("hex") !== hash) {
      await this.#run(discardScript(word, part));
      this.skipped.push({ path, why: "it changed while it was read; another call sends it" });
      return true;
    }
    const seconds = Math.max(0, Math.floor((modifiedAt ?? new Date()).getTime() / 1_000));
    const finish = { part, hash, path, mode: mode & 0o777, seconds };
    await this.#run(finishScript(word, newMark(), finish));
    this.sent += 1;
    return true;
  }

  async #partBytes(part: string): Promise<number> {
    const { stdout } = await this.#run(partScript(this.#folder.word, part));
    const bytes = Number(new TextDecoder().decode(stdout).trim());
    return Number.isSafeInteger(bytes) ? bytes : 0;
  }

  #run(script: string, stdin?: Uint8Array) {
    return this.#folder.run(script, { ...this.#call, stdin });
  }

  #skip(path: string, error: unknown): void {
    this.#call.signal?.throwIfAborted();
    if (error instanceof ContainariumError) throw error;
    this.skipped.push({ path, why: "it cannot be read any more" });
  }
}

function chunked<T>(all: readonly T[], length: number): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let at = 0; at < all.length; at += length) chunks.push(all.slice(at, at + length));
  return chunks;
}

/** Groups files so that each group fits in one archive. */
export function batchesOf(files: readonly FileEntry[]): readonly (readonly FileEntry[])[] {
  const batches: FileEntry[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || bytes + file.size > CHUNK_BYTES || last.length >= BATCH_FILES) {
      batches.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return batches;
}

async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > most) return undefined;
    pieces.push(piece);
  }
  return joined(pieces, length);
}

/** Divides a stream into pieces of one size; the last may be smaller. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (let rest of stream) {
    while (length + rest.length >= CHUNK_BYTES) {
      const taken = rest.subarray(0, CHUNK_BYTES - length);
      yield joined([...pieces, taken], CHUNK_BYTES);
      rest = rest.subarray(taken.length);
      pieces = [];
      length = 0;
    }
    // Kept until the next read, which may reuse the buffer.
    if (rest.length > 0) pieces.push(rest.slice());
    length += rest.length;
  }
  if (length > 0) yield joined(pieces, length);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
