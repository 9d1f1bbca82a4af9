import { type Plugin, rollup } from "@rollup/wasm-node";
import type { Metafile, OutputFile } from "esbuild";
import { basename } from "node:path";

/** A file of the bundle. */
export interface Chunk {
  /** Path, from the folder that holds the bundle. */
  readonly path: string;
  /** JavaScript. */
  readonly code: string;
}

/** What the chunks are made from and called. */
export interface ChunkOptions {
  /** The bundle's first file: `mcp-server.js`. The others are in a folder of that name. */
  readonly name: string;
  /**
   * Chunks to make by name, and the modules of the source that each begins with: it gets those, all they
   * import, and nothing that an earlier one has. The first file stays alone, since what it awaits may not
   * import it.
   */
  readonly chunks: Readonly<Record<string, readonly string[]>>;
}

/**
 * Joins the many small files that esbuild splits a program into. V8 scans every byte of a file before it runs
 * its first line, and each file takes Deno a while to load: what is used together should be one file, and
 * nothing else should be in it. esbuild decides that alone; Rollup leaves it to us.
 *
 * @param files What esbuild made, with `splitting`
 */
export async function joinChunks(
  files: readonly OutputFile[],
  { outputs }: Metafile,
  { name, chunks }: ChunkOptions,
): Promise<readonly Chunk[]> {
  const sources = new Map(files.map(({ path, text }) => [basename(path), text]));
  const split = await rollup({ input: name, treeshake: false, plugins: [reader(sources)] });
  const chunkOf = chosen(outputs, chunks);
  chunkOf.delete(name);
  const folder = name.replace(/\.js$/, "");
  const { output } = await split.generate({
    format: "es",
    compact: true,
    entryFileNames: name,
    chunkFileNames: ({ name }) => `${folder}/${name.replace(/-[A-Z0-9]{8}$/, "")}-[hash].js`,
    manualChunks: (id) => chunkOf.get(id),
  });
  await split.close();
  return output.flatMap((file) =>
    file.type === "chunk" ? [{ path: file.fileName, code: file.code }] : []
  );
}

/** Reads files from memory. */
function reader(sources: ReadonlyMap<string, string>): Plugin {
  return {
    name: "memory",
    resolveId: (path) =>
      sources.has(basename(path)) ? basename(path) : { id: path, external: true },
    load: (id) => sources.get(id) ?? null,
  };
}

/** Which of the named chunks each file goes to. */
function chosen(
  outputs: Metafile["outputs"],
  chunks: ChunkOptions["chunks"],
): Map<string, string> {
  const files = Object.entries(outputs).map(([path, output]) => ({ path: basename(path), output }));
  const byName = new Map(files.map(({ path, output }) => [path, output]));
  const found = new Map<string, string>();
  for (const [chunk, modules] of Object.entries(chunks)) {
    const reached = new Set(modules.map((module) => {
      const file = files.find(({ output }) => output.entryPoint?.endsWith(module));
      if (file === undefined) throw new Error(`Nothing imports ${module} on first use`);
      return file.path;
    }));
    for (const path of reached) {
      const imports = byName.get(path)?.imports ?? [];
      for (const { kind, path } of imports) {
        if (kind === "import-statement" && byName.has(basename(path))) reached.add(basename(path));
      }
    }
    for (const path of reached) if (!found.has(path)) found.set(path, chunk);
  }
  return found;
}
