import type { CallOptions } from "../async/call_options.ts";
import type { SkippedEntry, TreeEntry } from "./tree.ts";

/**
 * Where the files of a synchronization come from. The client reads no disk by itself: whoever calls it decides
 * what may be read.
 */
export interface FileSource {
  /** Everything that is to be in the container, folders too. */
  readonly entries: readonly TreeEntry[];
  /** Opens one of its files. */
  open(path: string): Promise<ReadableStream<Uint8Array>>;
  /**
   * Whether something in the container is left alone, because it would not be sent either. Its path is text
   * from outside.
   *
   * @default Nothing is
   */
  readonly isExcluded?: ((path: string, isFolder: boolean) => boolean) | undefined;
  /**
   * Names of folders that are excluded wherever they are, so that the container is not searched there.
   *
   * @default {[]}
   */
  readonly excludedNames?: readonly string[] | undefined;
}

/** Something that is at a path where a file is to be written. */
export type LocalState =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly size: number; readonly modifiedMs: number }
  | { readonly kind: "folder" }
  /** A link, or something else that is not written to. */
  | { readonly kind: "other" };

/** A file that is complete and gets its name. */
export interface FinishedFile {
  /** Where it goes. */
  readonly path: string;
  /** Its SHA-256, under which its bytes were written. */
  readonly hash: string;
  /** Its permissions. */
  readonly mode: number;
  /** When it was last changed. */
  readonly modifiedAt: Date;
  /** What was there when that was decided: if something else is, nothing is written. */
  readonly replaces: LocalState;
}

/**
 * Where fetched files go. The client writes to no disk by itself. Bytes are collected under a hash, and
 * become a file only once all of them are there.
 */
export interface FileTarget {
  /** Returns what is at a path. A link is not followed, nor is one on the way. */
  look(path: string): Promise<LocalState>;
  /** Opens the file at a path, to compare it. */
  open(path: string): Promise<ReadableStream<Uint8Array>>;
  /** Makes a folder, if it is not there. */
  makeFolder(path: string): Promise<void>;
  /** Returns how many bytes were collected under a hash, by an earlier call perhaps. */
  collected(hash: string): Promise<number>;
  /** Writes bytes at their place in what is collected under a hash. */
  collect(hash: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Opens what is collected under a hash, to check it. */
  openCollected(hash: string): Promise<ReadableStream<Uint8Array>>;
  /** Forgets what was collected under a hash. */
  discard(hash: string): Promise<void>;
  /** Gives a file its name, in one step; returns false if something else is there than it replaces. */
  finish(file: FinishedFile): Promise<boolean>;
}

/** Options of a transfer. */
export interface TransferOptions extends CallOptions {
  /**
   * Milliseconds after which no more is begun: the result is then not complete, and another call goes on.
   *
   * @default No limit
   */
  readonly stopAfterMs?: number | undefined;
  /** Called with how many bytes of how many are done. */
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

/** What a transfer did. */
export interface TransferResult {
  /** Whether all was done that can be. If not, the same call goes on. */
  readonly complete: boolean;
  /** Files and links that were transferred. */
  readonly transferred: number;
  /** Their size together. */
  readonly transferredBytes: number;
  /** Files and links that were equal already. */
  readonly unchanged: number;
  /** What was left out, and why. */
  readonly skipped: readonly SkippedEntry[];
}

/** A file or link of a container that a synchronization would remove. */
export interface Removal {
  /** Its path below the folder: text from outside. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** When it was last changed, in seconds since 1970. */
  readonly modifiedSeconds: number;
}

/** A file on this side that a fetch would replace. */
export interface Replacement {
  /** Its path below the folder. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly modifiedMs: number;
}
