/**
 * Reads a folder of the user's machine, to send it. Links are not followed.
 *
 * @module
 */
import {
  ContainariumError,
  type FileSource,
  type SkippedEntry,
  type TreeEntry,
} from "../../client/mod.ts";
import { STAGING, visible } from "../../client/internal.ts";
import { folderOf, type GrantedPlace, unusable } from "./granted_folder.ts";
import { IgnoreRules, MAX_RULES_BYTES } from "./ignore_rules.ts";

/** A folder with what was found in it. */
export interface LocalSource extends FileSource {
  /** Pipes, sockets, devices, and what may not be read. */
  readonly skipped: readonly SkippedEntry[];
}

/** Maximum number of entries; a larger folder is refused before all of it is read. */
const MAX_FOUND = 20_000;

/**
 * Reads which files a folder has, or takes one file.
 *
 * @param exclude What to leave out, as in `.gitignore`
 * @throws {ContainariumError} `resource_exhausted` if there are too many
 */
export async function readLocal(
  place: GrantedPlace,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<LocalSource> {
  const rules = new IgnoreRules(exclude);
  const isFile = place.kind === "file";
  const root = (isFile ? folderOf(place.path) : place.path).replace(/[\\/]$/, "");
  const walk = new Walk(root, rules, signal);
  if (isFile) await walk.add(place.path.slice(root.length + 1));
  else await walk.enter("");
  // What is there and could not be read is not missing.
  const unread = new Set(walk.skipped.map(({ path }) => path));
  return {
    entries: walk.entries,
    skipped: walk.skipped,
    open: (path) => openFile(root, path),
    isExcluded: (path, isFolder) => unread.has(path) || rules.leavesOut(path, isFolder),
    excludedNames: rules.names,
  };
}

/** Collects what is below a folder. */
class Walk {
  readonly entries: TreeEntry[] = [];
  readonly skipped: SkippedEntry[] = [];
  readonly #root: string;
  readonly #rules: IgnoreRules;
  readonly #signal: AbortSignal;

  constructor(root: string, rules: IgnoreRules, signal: AbortSignal) {
    this.#root = root;
    this.#rules = rules;
    this.#signal = signal;
  }

  /** Adds what is in a folder. */
  async enter(folder: string): Promise<void> {
    const names = await this.#namesIn(folder);
    if (names.includes(".gitignore")) await this.#readRules(folder);
    for (const name of names) await this.add(folder === "" ? name : `${folder}/${name}`);
  }

  /** Adds a file, a link, or a folder with what is in it. */
  async add(path: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.entries.length > MAX_FOUND) {
      throw new ContainariumError(
        "resource_exhausted",
        `The folder holds more than ${MAX_FOUND.toLocaleString("en")} files`,
        { reason: "too_many_files" },
      );
    }
    const full = `${this.#root}/${path}`;
    let info: Deno.FileInfo;
    try {
      info = await Deno.lstat(full);
    } catch {
      // Gone, or a name that is not UTF-8.
      this.skipped.push({ path, why: "it cannot be read" });
      return;
    }
    if (path === STAGING || path.endsWith(`/${STAGING}`)) return;
    if (this.#rules.leavesOut(path, info.isDirectory)) return;
    if (info.isDirectory) {
      this.entries.push({ kind: "folder", path });
      await this.enter(path);
    } else if (info.isSymlink) {
      this.entries.push({ kind: "link", path, target: await Deno.readLink(full) });
    } else if (info.isFile) {
      const { size, mode, mtime } = info;
      const bits = mode === null || Deno.build.os === "windows" ? undefined : mode & 0o777;
      this.entries.push({ kind: "file", path, size, mode: bits, modifiedAt: mtime ?? undefined });
    } else this.skipped.push({ path, why: "it is a pipe, a socket or a device" });
  }

  async #namesIn(folder: string): Promise<readonly string[]> {
    try {
      const names: string[] = [];
      for await (const { name } of Deno.readDir(`${this.#root}/${folder}`)) names.push(name);
      return names.toSorted();
    } catch (error) {
      if (folder === "") throw unusable(this.#root, error);
      this.skipped.push({ path: folder, why: "it cannot be read" });
      return [];
    }
  }

  async #readRules(folder: string): Promise<void> {
    const path = folder === "" ? ".gitignore" : `${folder}/.gitignore`;
    const { isFile, size } = await Deno.lstat(`${this.#root}/${path}`);
    // Git follows no link there either.
    if (!isFile) return;
    if (size > MAX_RULES_BYTES) {
      throw new ContainariumError(
        "failed_precondition",
        `${visible(path)} is over ${
          MAX_RULES_BYTES / 1_024
        } KiB. Nothing was sent, as it may name secrets`,
      );
    }
    this.#rules.add(folder, await new Response(await openFile(this.#root, path)).text());
  }
}

/**
 * Opens a file below a folder. A link in its place, or on the way, is refused: Deno would follow it out of what
 * was granted.
 */
export async function openFile(root: string, path: string): Promise<ReadableStream<Uint8Array>> {
  const full = `${root}/${path}`;
  const before = await Deno.lstat(full);
  if (!before.isFile || await Deno.realPath(full) !== normal(full)) {
    throw new Deno.errors.NotFound(`${path} is not a file any more`);
  }
  const file = await Deno.open(full);
  const { ino, dev } = await file.stat();
  if (ino !== before.ino || dev !== before.dev) {
    file.close();
    throw new Deno.errors.NotFound(`${path} is not the file that it was`);
  }
  return file.readable;
}

function normal(path: string): string {
  return Deno.build.os === "windows" ? path.replaceAll("/", "\\") : path;
}
