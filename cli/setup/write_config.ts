import { UsageError } from "../usage_error.ts";
import { putAll, valueAt } from "./edit.ts";
import type { Language, Placed } from "./editor.ts";
import { changesBetween } from "./entry_changes.ts";

/** Maximum size of a file that is edited, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What became of a file. */
export type Written =
  | { readonly kind: "unchanged" }
  | { readonly kind: "differs"; readonly changes: readonly string[] }
  | { readonly kind: "added" }
  | {
    readonly kind: "replaced";
    readonly changes: readonly string[];
  };

/** Files that editing one takes: itself, the new one that takes its place, and the copy of the old. */
export interface Files {
  /** The file itself, where a link to it leads. */
  readonly path: string;
  /** To read. */
  readonly read: readonly string[];
  /** To write. */
  readonly write: readonly string[];
}

/** Returns the files that editing one takes, if no link leads to it. */
export function filesOf(path: string): Files {
  return {
    path,
    read: [path, newOf(path)],
    write: [path, newOf(path), backupOf(path)],
  };
}

/** Returns the path of the copy of a file. */
export function backupOf(path: string): string {
  return `${path}.bak`;
}

function newOf(path: string): string {
  return `${path}.new`;
}

/**
 * Returns the files that editing one takes; a link is followed, so that it stays a link.
 *
 * @returns `undefined` if it may not be read
 */
export async function filesBehind(path: string): Promise<Files | undefined> {
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return undefined;
  const info = await ifThere(() => Deno.lstat(path));
  if (info?.isSymlink !== true) return filesOf(path);
  const target = await ifThere(() => Deno.realPath(path));
  if (target === undefined) throw new UsageError(`${path} is a link to nothing`);
  const files = filesOf(target);
  return { ...files, read: [path, ...files.read] };
}

/** Returns whether all of the files may be read and written as they have to be. */
export async function mayEdit({ read, write }: Files): Promise<boolean> {
  const states = await Promise.all([
    ...read.map((path) => Deno.permissions.query({ name: "read", path })),
    ...write.map((path) => Deno.permissions.query({ name: "write", path })),
  ]);
  return states.every(({ state }) => state === "granted");
}

/**
 * Puts values into a file. The old file is copied first, and the new one takes its place in one step.
 *
 * @param values The first is what it is about; of the others, only those that are not there are added
 * @param isReplacing Whether something else in the place of the first is replaced
 * @throws {UsageError} If the file cannot be read, parsed or written: then it stays as it is
 */
export async function writeConfig(
  { path }: Files,
  language: Language,
  values: readonly Placed[],
  isReplacing: boolean,
): Promise<Written> {
  const old = await readBytes(path);
  const text = old === undefined ? "" : decode(old, path);
  const [first, ...others] = values;
  if (first === undefined) return { kind: "unchanged" };
  const there = await valueAt(text, language, first, path);
  const changes = there === undefined ? [] : await changesBetween(there, first.value);
  if (changes.length > 0 && !isReplacing) return { kind: "differs", changes };
  const wanted: Placed[] = there !== undefined && changes.length === 0 ? [] : [first];
  for (const other of others) {
    if (await valueAt(text, language, other, path) === undefined) wanted.push(other);
  }
  if (wanted.length === 0) return { kind: "unchanged" };
  const edited = await putAll(text, language, wanted, path);
  await replaceFile(path, old, new TextEncoder().encode(edited));
  return changes.length === 0 ? { kind: "added" } : { kind: "replaced", changes };
}

async function replaceFile(
  path: string,
  old: Uint8Array<ArrayBuffer> | undefined,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const mode = old === undefined ? undefined : (await Deno.stat(path)).mode;
  const temporary = newOf(path);
  let isOurs = false;
  try {
    {
      using file = await openNew(temporary);
      isOurs = true;
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
      await file.sync();
    }
    if (mode !== undefined && mode !== null && Deno.build.os !== "windows") {
      await Deno.chmod(temporary, mode & 0o777);
    }
    if (!isSame(old, await readBytes(path))) {
      throw new Error("something else has changed it at the same time; try again");
    }
    if (old !== undefined) await writeBackup(backupOf(path), old);
    await Deno.rename(temporary, path);
  } catch (error) {
    if (isOurs) await ifThere(() => Deno.remove(temporary));
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} is left as it is, because it cannot be replaced: ${reason}`, {
      cause: error,
    });
  }
}

/** Opens a file that is not there yet: what is there may be half of what another setup writes. */
async function openNew(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Error(`${path} is there: if no other setup writes it now, remove it`, {
      cause: error,
    });
  }
}

/** A file like this one may hold secrets, whatever mode it has. */
async function writeBackup(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await ifThere(() => Deno.remove(path));
  await Deno.writeFile(path, bytes, { createNew: true, mode: 0o600 });
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const info = await ifThere(() => Deno.stat(path));
  if (info === undefined) return undefined;
  if (!info.isFile) throw new UsageError(`${path} is not a file`);
  if (info.size > MAX_BYTES) throw new UsageError(`${path} is over ${MAX_BYTES} bytes`);
  return await Deno.readFile(path);
}

/** Returns the text of a file, with a byte order mark if it has one. */
function decode(bytes: Uint8Array<ArrayBuffer>, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path} is left as it is, because it cannot be parsed: it is not UTF-8`);
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

async function ifThere<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
