import { ContainariumError } from "../errors.ts";
import {
  byPath,
  isSafeLink,
  MAX_ENTRIES,
  MAX_TREE_BYTES,
  parentOf,
  type SkippedEntry,
  type TreeEntry,
  treePathProblem,
} from "./tree.ts";

/** A tree that can be transferred, and what cannot. */
export interface CheckedEntries {
  /** By path; each comes after the folder that it is in. */
  readonly entries: readonly TreeEntry[];
  /** Names and links that lead out of the tree, and names that appear twice. */
  readonly skipped: readonly SkippedEntry[];
}

/**
 * Checks a tree from outside, and adds the folders that its paths imply.
 *
 * @param label What it is, for messages
 * @throws {ContainariumError} `resource_exhausted` for a tree that is too large
 */
export function checkEntries(given: readonly TreeEntry[], label: string): CheckedEntries {
  const skipped: SkippedEntry[] = [];
  const found = new Map<string, TreeEntry>();
  for (const entry of given.toSorted(byPath)) {
    const { path } = entry;
    const problem = treePathProblem(path) ??
      (found.has(path) ? "it is there twice" : undefined) ??
      (entry.kind === "link" && !isSafeLink(path, entry.target)
        ? "the link leads out of the folder"
        : undefined) ??
      addParents(path, found);
    if (problem === undefined) found.set(path, entry);
    else skipped.push({ path, why: problem });
  }
  const entries = [...found.values()].toSorted(byPath);
  refuseTooMuch(entries, label);
  return { entries, skipped };
}

/** Returns why something cannot be below its parents. */
function addParents(path: string, found: Map<string, TreeEntry>): string | undefined {
  for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
    const known = found.get(parent);
    if (known?.kind === "folder") return undefined;
    if (known !== undefined) return "what it is in is not a folder";
    found.set(parent, { kind: "folder", path: parent });
  }
  return undefined;
}

function refuseTooMuch(entries: readonly TreeEntry[], label: string): void {
  const bytes = entries.reduce((sum, one) => sum + (one.kind === "file" ? one.size : 0), 0);
  const what = entries.length > MAX_ENTRIES
    ? `${entries.length.toLocaleString("en")} files and folders`
    : bytes > MAX_TREE_BYTES
    ? `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`
    : undefined;
  if (what === undefined) return;
  throw new ContainariumError(
    "resource_exhausted",
    `${label} holds ${what}; a transfer takes at most ${MAX_ENTRIES.toLocaleString("en")} files ` +
      `and folders, and ${MAX_TREE_BYTES / 1e6} MB`,
    { reason: "too_many_files" },
  );
}
