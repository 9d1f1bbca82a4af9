/**
 * `make bundle`: JavaScript that starts fast. `deno bundle` makes some as well, but it imports `node:module`
 * at each start, leaves nothing out, and builds the schemas of all tools before the first response.
 *
 * ```sh
 * deno run -P=test scripts/bundle.ts main.ts dist/mcp-server.js
 * ```
 *
 * Makes that file, which is what to run, and `dist/mcp-server/` with what it imports.
 * Further arguments are flags of `deno info`: `--import-map`, `--lock`.
 *
 * @module
 */
import { assert } from "@std/assert";
import { build } from "esbuild";
import { basename, dirname, join } from "node:path";
import { type Chunk, joinChunks } from "./bundle/chunks.ts";
import { readGraph } from "./bundle/graph.ts";
import { lean } from "./bundle/lean.ts";
import { resolution } from "./bundle/resolution.ts";

/**
 * What is loaded at once: what main.ts has to have, all that serving needs before the first call, and what
 * that adds.
 */
const chunks = {
  start: ["main.ts"],
  serve: ["cli/run.ts", "cli/serve_command.ts", "server/stdio/standard_streams.ts"],
  tools: ["tools/toolsets.ts"],
};

/** Bundles a program. Only the server's has chunks of its own. */
async function bundle(
  main: string,
  name: string,
  flags: readonly string[],
): Promise<readonly Chunk[]> {
  const links = await Deno.makeTempDir();
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [{ in: main, out: name.replace(/\.js$/, "") }],
      outdir: ".",
      write: false,
      metafile: true,
      bundle: true,
      splitting: true,
      minify: true,
      legalComments: "none",
      format: "esm",
      target: "esnext",
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["deno", "node", "import"],
      // For packages in CommonJS. Loads only what they require; `createRequire` would load most of Node.
      banner: { js: "const require = (name) => process.getBuiltinModule(name);" },
      plugins: [lean(), resolution(await readGraph(main, flags), links)],
    });
    return await joinChunks(outputFiles, metafile, {
      name,
      chunks: basename(main) === "main.ts" ? chunks : {},
    });
  } finally {
    await Deno.remove(links, { recursive: true });
  }
}

/** Writes the files, what to run last: it never imports one that is not there. */
async function write(folder: string, made: readonly Chunk[]): Promise<void> {
  for (const { path, code } of made.toReversed()) {
    await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
    await Deno.writeTextFile(join(folder, path), code);
  }
}

/** Removes what an earlier bundle has left there: files with a hash in their names. */
async function removeOthers(folder: string, made: readonly Chunk[]): Promise<void> {
  const kept = new Set(made.map(({ path }) => basename(path)));
  for await (const { name } of Deno.readDir(folder)) {
    if (/-[\w-]{8}\.js$/.test(name) && !kept.has(name)) await Deno.remove(join(folder, name));
  }
}

const [main, outfile, ...flags] = Deno.args;
assert(main !== undefined && outfile !== undefined, "usage: bundle.ts MAIN FILE [FLAG…]");
const name = basename(outfile);
const made = await bundle(await Deno.realPath(main), name, flags);
await write(dirname(outfile), made);
if (made.length > 1) await removeOthers(outfile.replace(/\.js$/, ""), made);
// esbuild's own process would keep this one running.
Deno.exit();
