/**
 * Tar archives of a few files.
 *
 * @module
 */
import { packTar, unpackTar } from "modern-tar";
import { type FileEntry, nameOf, parentOf } from "./tree.ts";

/** A file with its bytes. */
export interface LoadedFile {
  /** The file. */
  readonly entry: FileEntry;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Returns the names of files in an archive: any tar knows them, also one that has no long names. Files of one
 * folder stay in one, which costs less than a folder for each.
 */
export function archivedNames(files: readonly { readonly path: string }[]): readonly string[] {
  const folders = new Map<string, number>();
  return files.map(({ path }, at) => {
    const folder = parentOf(path);
    const index = folders.get(folder) ?? folders.size;
    folders.set(folder, index);
    const name = nameOf(path);
    return /^[\w.+@,=-]{1,60}$/.test(name) ? `f${index}/${name}` : `o/${at}`;
  });
}

/** Packs files under the names of {@linkcode archivedNames}. */
export async function pack(files: readonly LoadedFile[]): Promise<Uint8Array> {
  const names = archivedNames(files.map(({ entry }) => entry));
  return await packTar(files.map(({ entry: { mode = 0o644, modifiedAt }, bytes }, at) => ({
    header: {
      name: names[at] ?? "",
      size: bytes.length,
      mode: mode & 0o777,
      mtime: new Date(
        Math.max(0, Math.floor((modifiedAt ?? new Date()).getTime() / 1_000) * 1_000),
      ),
      type: "file",
      uid: 0,
      gid: 0,
    },
    body: bytes,
  })));
}

/** Returns bytes, compressed. */
export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Returns the files of an archive from outside by their names. Everything in it that is not a plain file is
 * ignored; no name of it is ever used as a path.
 */
export async function unpack(archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { header, data } of await unpackTar(archive, { strict: true })) {
    if (header.type === "file" && data !== undefined) {
      files.set(header.name.replace(/^(?:\.\/)+/, ""), data);
    }
  }
  return files;
}
