/**
 * Trees of files, as both sides of a transfer describe them: paths are relative, their parts divided by `/`.
 *
 * @module
 */

/** A file. */
export interface FileEntry {
  /** What it is. */
  readonly kind: "file";
  /** Its path below the folder: `src/main.ts`. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** Its permissions, such as `0o644`. Absent where the system has none: they are left alone. */
  readonly mode?: number | undefined;
  /** When it was last changed. */
  readonly modifiedAt?: Date | undefined;
}

/** A folder. */
export interface FolderEntry {
  /** What it is. */
  readonly kind: "folder";
  /** Its path below the folder. */
  readonly path: string;
}

/** A symbolic link. */
export interface LinkEntry {
  /** What it is. */
  readonly kind: "link";
  /** Its path below the folder. */
  readonly path: string;
  /** Where it leads, as it is written. */
  readonly target: string;
}

/** What a tree is made of. */
export type TreeEntry = FileEntry | FolderEntry | LinkEntry;

/** Something that a transfer left out, and why. */
export interface SkippedEntry {
  /** Its path below the folder: text from outside. */
  readonly path: string;
  /** Why, in a few words. */
  readonly why: string;
}

/** Maximum number of files, folders and links of one transfer. */
export const MAX_ENTRIES = 10_000;
/** Maximum size of the files of one transfer, together. */
export const MAX_TREE_BYTES = 200_000_000;

/** The folder, on both sides, in which files are put together before they get their names. */
export const STAGING = ".containarium-sync";

/** Returns why a path cannot be part of a tree, or `undefined` if it can. */
export function treePathProblem(path: string): string | undefined {
  if (path === "") return "its name is empty";
  if (path.includes("\0")) return "its name holds a NUL";
  if (!path.isWellFormed() || path.includes("\ufffd")) return "its name is not UTF-8";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    return "its path leaves the folder";
  }
  const encoder = new TextEncoder();
  if (parts.some((part) => encoder.encode(part).length > 255)) return "its name is too long";
  if (encoder.encode(path).length > 3_000) return "its path is too long";
  return parts.includes(STAGING) ? "transfers keep that name for themselves" : undefined;
}

/** Whether a link leads to something in the same tree, as `rsync --safe-links` has it. */
export function isSafeLink(path: string, target: string): boolean {
  if (target === "" || target.startsWith("/") || /[\0\\]|^[A-Za-z]:/.test(target)) return false;
  if (!target.isWellFormed() || target.includes("\ufffd")) return false;
  let depth = path.split("/").length - 1;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

/** Returns the path of the folder that something is in; empty for the top. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at === -1 ? "" : path.slice(0, at);
}

/** Returns the last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Sorts by path, so that a folder comes before what is in it. */
export function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
}
