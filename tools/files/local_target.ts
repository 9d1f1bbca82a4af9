/**
 * Writes fetched files to a folder of the user's machine, and nowhere else. Bytes are collected in a folder of
 * its own, and a file gets its name only when it is complete.
 *
 * @module
 */
import {
  ContainariumError,
  type FileTarget,
  type FinishedFile,
  type LocalState,
} from "../../client/mod.ts";
import { STAGING } from "../../client/internal.ts";
import { unusable } from "./granted_folder.ts";
import { openFile } from "./local_source.ts";

/** What an interrupted fetch left is removed after this long. */
const STALE_MS = 24 * 3_600_000;

/** A folder that files are fetched into. */
export class LocalTarget implements FileTarget {
  readonly #root: string;
  /** Folders that are known to be real ones. */
  readonly #folders = new Set<string>([""]);

  /** @param root Real path of the folder; it may be missing until something is written */
  constructor(root: string) {
    this.#root = root;
  }

  /** Returns what is at a path, if all folders on the way are real ones. */
  async look(path: string): Promise<LocalState> {
    if (!isUsual(path)) return { kind: "other" };
    for (const folder of foldersAbove(path)) {
      if (this.#folders.has(folder)) continue;
      const info = await lstatOf(`${this.#root}/${folder}`);
      if (info === undefined) return { kind: "absent" };
      if (!info.isDirectory) return { kind: "other" };
      this.#folders.add(folder);
    }
    const info = await lstatOf(`${this.#root}/${path}`);
    if (info === undefined) return { kind: "absent" };
    if (info.isFile) {
      return { kind: "file", size: info.size, modifiedMs: info.mtime?.getTime() ?? 0 };
    }
    return { kind: info.isDirectory ? "folder" : "other" };
  }

  /** Opens a file, without following a link. */
  open(path: string): Promise<ReadableStream<Uint8Array>> {
    return openFile(this.#root, path);
  }

  /** Makes a folder. */
  async makeFolder(path: string): Promise<void> {
    await this.#begin();
    const { kind } = await this.look(path);
    if (kind === "absent") await Deno.mkdir(`${this.#root}/${path}`, { recursive: true });
  }

  /** Returns how many bytes were collected. */
  async collected(hash: string): Promise<number> {
    const info = await lstatOf(this.#part(hash));
    return info?.isFile === true ? info.size : 0;
  }

  /** Writes bytes at their place. */
  async collect(hash: string, offset: number, bytes: Uint8Array): Promise<void> {
    await this.#begin();
    const part = this.#part(hash);
    if (offset === 0) await removeIfThere(part);
    try {
      using file = offset === 0
        ? await Deno.open(part, { write: true, createNew: true, mode: 0o600 })
        : await openPart(part);
      await file.seek(offset, Deno.SeekMode.Start);
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
    } catch (error) {
      throw unusable(this.#root, error);
    }
  }

  /** Opens what was collected. */
  openCollected(hash: string): Promise<ReadableStream<Uint8Array>> {
    return openFile(this.#root, `${STAGING}/${hash}.part`);
  }

  /** Removes what was collected. */
  async discard(hash: string): Promise<void> {
    await removeIfThere(this.#part(hash));
  }

  /** Gives a file its name, if what it replaces is still what is there. */
  async finish({ path, hash, mode, modifiedAt, replaces }: FinishedFile): Promise<boolean> {
    // Looked at anew: it may have become a link since.
    this.#folders.clear();
    this.#folders.add("");
    if (!isSame(await this.look(path), replaces)) {
      await this.discard(hash);
      return false;
    }
    const part = this.#part(hash);
    const folder = path.includes("/") ? `/${path.slice(0, path.lastIndexOf("/"))}` : "";
    try {
      await Deno.mkdir(`${this.#root}${folder}`, { recursive: true });
      if (Deno.build.os !== "windows") await Deno.chmod(part, mode);
      await Deno.utime(part, modifiedAt, modifiedAt);
      await Deno.rename(part, `${this.#root}/${path}`);
    } catch (error) {
      throw unusable(path, error);
    }
    return true;
  }

  /** Removes the folder of its own, if nothing is left in it for another call. */
  async close(): Promise<void> {
    try {
      await Deno.remove(`${this.#root}/${STAGING}`);
    } catch {
      // Missing, or needed for what is not complete.
    }
  }

  #part(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new ContainariumError("internal", "Not a hash");
    return `${this.#root}/${STAGING}/${hash}.part`;
  }

  #begun = false;

  /** Makes the folder of its own; a link in its place is refused. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    const own = `${this.#root}/${STAGING}`;
    try {
      await Deno.mkdir(this.#root, { recursive: true });
      if (await lstatOf(own) === undefined) await Deno.mkdir(own, { mode: 0o700 });
      const { isDirectory } = await Deno.lstat(own);
      if (!isDirectory) throw new Error("it is not a folder");
      for await (const { name } of Deno.readDir(own)) {
        const { mtime } = await Deno.lstat(`${own}/${name}`);
        if (Date.now() - (mtime?.getTime() ?? 0) > STALE_MS) await removeIfThere(`${own}/${name}`);
      }
    } catch (error) {
      throw unusable(own, error);
    }
    this.#begun = true;
  }
}

/** Opens what an earlier call collected. A link in its place would lead out of the folder. */
async function openPart(part: string): Promise<Deno.FsFile> {
  const before = await Deno.lstat(part);
  if (!before.isFile) throw new Error("it is not a file");
  const file = await Deno.open(part, { write: true });
  const { ino, dev } = await file.stat();
  if (ino === before.ino && dev === before.dev) return file;
  file.close();
  throw new Error("it is not the file that it was");
}

/** Returns the paths of the folders that something is in, the outermost first. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Whether each name is only a name on this system: on Windows, others lead to devices and streams. */
function isUsual(path: string): boolean {
  if (Deno.build.os !== "windows") return true;
  return path.split("/").every((name) =>
    !/[<>:"\\|?*\p{Cc}]|[. ]$/u.test(name) &&
    !/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name)
  );
}

function isSame(one: LocalState, other: LocalState): boolean {
  if (one.kind !== "file" || other.kind !== "file") return one.kind === other.kind;
  return one.size === other.size && one.modifiedMs === other.modifiedMs;
}

async function lstatOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (!isMissing) throw unusable(path, error);
    return undefined;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unusable(path, error);
  }
}
