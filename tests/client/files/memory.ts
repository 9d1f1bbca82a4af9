/** Folders in memory, as the client is given them. @module */
import type {
  FileSource,
  FileTarget,
  FinishedFile,
  LocalState,
  TreeEntry,
} from "../../../client/mod.ts";

/** A file, a folder or a link in memory. */
export type Node =
  | { readonly kind: "file"; readonly bytes: Uint8Array<ArrayBuffer>; readonly mode?: number }
  | { readonly kind: "folder" }
  | { readonly kind: "link"; readonly target: string };

/** A tree by path. */
export type Tree = Map<string, Node>;

/** A file with a text. */
export function file(text: string, mode = 0o644): Node {
  return { kind: "file", bytes: new TextEncoder().encode(text), mode };
}

/** A tree as it is sent. */
export function sourceOf(tree: Tree, options: Partial<FileSource> = {}): FileSource {
  const entries = [...tree].map(([path, node]): TreeEntry => {
    switch (node.kind) {
      case "file":
        return { kind: "file", path, size: node.bytes.length, mode: node.mode };
      case "folder":
        return { kind: "folder", path };
      case "link":
        return { kind: "link", path, target: node.target };
    }
  });
  return {
    entries,
    open: (path) => {
      const node = tree.get(path);
      return node?.kind === "file"
        ? Promise.resolve(new Blob([node.bytes]).stream())
        : Promise.reject(new Deno.errors.NotFound(path));
    },
    ...options,
  };
}

/** A tree that is fetched into. Counts what is written. */
export class MemoryTarget implements FileTarget {
  readonly tree: Tree;
  readonly parts = new Map<string, Uint8Array<ArrayBuffer>>();
  collectedBytes = 0;

  constructor(tree: Tree = new Map()) {
    this.tree = tree;
  }

  look(path: string): Promise<LocalState> {
    const node = this.tree.get(path);
    return Promise.resolve(
      node === undefined
        ? { kind: "absent" }
        : node.kind === "file"
        ? { kind: "file", size: node.bytes.length, modifiedMs: 0 }
        : node.kind === "folder"
        ? { kind: "folder" }
        : { kind: "other" },
    );
  }

  open(path: string): Promise<ReadableStream<Uint8Array>> {
    return sourceOf(this.tree).open(path);
  }

  makeFolder(path: string): Promise<void> {
    this.tree.set(path, { kind: "folder" });
    return Promise.resolve();
  }

  collected(hash: string): Promise<number> {
    return Promise.resolve(this.parts.get(hash)?.length ?? 0);
  }

  collect(hash: string, offset: number, bytes: Uint8Array): Promise<void> {
    const before = this.parts.get(hash) ?? new Uint8Array();
    const after = new Uint8Array(Math.max(before.length, offset + bytes.length));
    after.set(before);
    after.set(bytes, offset);
    this.parts.set(hash, after);
    this.collectedBytes += bytes.length;
    return Promise.resolve();
  }

  openCollected(hash: string): Promise<ReadableStream<Uint8Array>> {
    return Promise.resolve(new Blob([this.parts.get(hash) ?? new Uint8Array()]).stream());
  }

  discard(hash: string): Promise<void> {
    this.parts.delete(hash);
    return Promise.resolve();
  }

  finish({ path, hash, mode }: FinishedFile): Promise<boolean> {
    this.tree.set(path, { kind: "file", bytes: this.parts.get(hash) ?? new Uint8Array(), mode });
    this.parts.delete(hash);
    return Promise.resolve(true);
  }
}

/** What is on this machine's disk below a folder, by path. */
export async function readDisk(root: string, below = ""): Promise<Tree> {
  const tree: Tree = new Map();
  for await (const { name } of Deno.readDir(`${root}/${below}`)) {
    const path = below === "" ? name : `${below}/${name}`;
    const full = `${root}/${path}`;
    const { isFile, isDirectory, isSymlink, mode } = await Deno.lstat(full);
    if (isSymlink) tree.set(path, { kind: "link", target: await Deno.readLink(full) });
    else if (isFile) {
      tree.set(path, {
        kind: "file",
        bytes: await Deno.readFile(full),
        mode: (mode ?? 0) & 0o777,
      });
    } else if (isDirectory) {
      tree.set(path, { kind: "folder" });
      for (const [inner, node] of await readDisk(root, path)) tree.set(inner, node);
    }
  }
  return tree;
}

/** A tree in words that differ exactly if it does, with the folders that its paths imply. */
export function shownTree(tree: Tree): readonly string[] {
  const lines = new Set<string>();
  for (const [path, node] of tree) {
    const parts = path.split("/");
    for (let count = 1; count < parts.length; count++) {
      lines.add(`folder ${JSON.stringify(parts.slice(0, count).join("/"))}`);
    }
    const what = node.kind === "file"
      ? `${(node.mode ?? 0).toString(8)} ${node.bytes.toBase64()}`
      : node.kind === "link"
      ? node.target
      : "";
    lines.add(`${node.kind} ${JSON.stringify(path)}${what === "" ? "" : ` ${what}`}`);
  }
  return [...lines].toSorted();
}
