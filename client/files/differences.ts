import type { CallOptions } from "../async/call_options.ts";
import { together } from "../async/together.ts";
import { ContainariumError } from "../errors.ts";
import { checkEntries } from "./checked_entries.ts";
import type { ContainerFolder, RemoteEntry } from "./container_folder.ts";
import { digestOf } from "./digest.ts";
import type { FileSource } from "./transfer.ts";
import {
  type FileEntry,
  type FolderEntry,
  type LinkEntry,
  parentOf,
  type SkippedEntry,
  type TreeEntry,
} from "./tree.ts";

/** A file whose permissions alone differ. */
export interface ModeChange {
  /** Its path. */
  readonly path: string;
  /** The permissions that it is to have. */
  readonly mode: number;
}

/** What has to be done to a folder in a container so that it holds a tree. */
export interface Differences {
  /** Folders to make. */
  readonly folders: readonly FolderEntry[];
  /** Files to send. */
  readonly files: readonly FileEntry[];
  /** Links to make. */
  readonly links: readonly LinkEntry[];
  /** Files that are equal but for their permissions. */
  readonly modes: readonly ModeChange[];
  /** Number of files and links that are equal. */
  readonly unchanged: number;
  /** What cannot be done, and why. */
  readonly skipped: readonly SkippedEntry[];
}

/** Compares a tree with a folder in a container, by size and hash. Nothing is changed. */
export async function findDifferences(
  source: FileSource,
  folder: ContainerFolder,
  exists: boolean,
  call: CallOptions,
): Promise<Differences> {
  const { entries, skipped: unfit } = checkEntries(source.entries, "The folder to send");
  const there = exists
    ? await folder.look(entries.map(({ path }) => path), call)
    : new Map<string, RemoteEntry>();
  const { open, skipped: blocked } = withoutBlocked(entries, there);
  const sameSize = open.filter((entry): entry is FileEntry =>
    entry.kind === "file" && there.get(entry.path)?.size === entry.size
  );
  const links = open.filter((entry): entry is LinkEntry => entry.kind === "link");
  const [theirs, ours, targets] = await together([
    folder.hash(sameSize.map(({ path }) => path), call),
    hashesOf(source, sameSize, call),
    folder.targets(links.filter(({ path }) => there.has(path)).map(({ path }) => path), call),
  ]);
  const isEqual = (path: string) =>
    theirs.get(path) !== undefined && theirs.get(path) === ours.get(path);
  const equal = sameSize.filter(({ path }) => isEqual(path));
  const newLinks = links.filter(({ path, target }) => targets.get(path) !== target);
  return {
    folders: open.filter((entry): entry is FolderEntry =>
      entry.kind === "folder" && !there.has(entry.path)
    ),
    files: open.filter((entry): entry is FileEntry =>
      entry.kind === "file" && !isEqual(entry.path)
    ),
    links: newLinks,
    modes: equal.flatMap(({ path, mode }) => {
      const differs = mode !== undefined && (there.get(path)?.mode ?? 0) !== (mode & 0o777);
      return differs ? [{ path, mode: mode & 0o777 }] : [];
    }),
    unchanged: equal.length + links.length - newLinks.length,
    skipped: [...unfit, ...blocked],
  };
}

/** Leaves out what something of another kind is in the way of, and all below it. */
function withoutBlocked(
  entries: readonly TreeEntry[],
  there: ReadonlyMap<string, RemoteEntry>,
): { readonly open: readonly TreeEntry[]; readonly skipped: readonly SkippedEntry[] } {
  const blocked = new Set<string>();
  const skipped: SkippedEntry[] = [];
  const open = entries.filter(({ path, kind }) => {
    const found = there.get(path)?.kind;
    const isBelow = blocked.has(parentOf(path));
    if (!isBelow && (found === undefined || found === kind)) return true;
    blocked.add(path);
    skipped.push({
      path,
      why: isBelow
        ? "what it would be in is not a folder there"
        : `in its place there is ${found === "other" ? "something that is no file" : `a ${found}`}`,
    });
    return false;
  });
  return { open, skipped };
}

async function hashesOf(
  source: FileSource,
  files: readonly FileEntry[],
  { signal }: CallOptions,
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const { path } of files) {
    signal?.throwIfAborted();
    try {
      hashes.set(path, await digestOf(await source.open(path)));
    } catch (error) {
      // Gone, or not readable: the sender reports it.
      if (error instanceof ContainariumError) throw error;
    }
  }
  return hashes;
}
