/**
 * `make bundle`: one file, made to start fast. `deno bundle` makes one as well, but it imports `node:module`
 * at each start, leaves nothing out, and builds the schemas of all tools before the first response.
 *
 * ```sh
 * deno run -P=test scripts/bundle.ts main.ts dist/mcp-server.js
 * ```
 *
 * Further arguments are flags of `deno info`: `--import-map`, `--lock`.
 *
 * @module
 */
import { assert } from "@std/assert";
import { build } from "esbuild";
import { readGraph } from "./bundle/graph.ts";
import { lean } from "./bundle/lean.ts";
import { resolution } from "./bundle/resolution.ts";

async function bundle(main: string, outfile: string, flags: readonly string[]): Promise<void> {
  const links = await Deno.makeTempDir();
  try {
    await build({
      entryPoints: [main],
      outfile,
      bundle: true,
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
  } finally {
    await Deno.remove(links, { recursive: true });
  }
}

const [main, outfile, ...flags] = Deno.args;
assert(main !== undefined && outfile !== undefined, "usage: bundle.ts MAIN FILE [FLAG…]");
await bundle(await Deno.realPath(main), outfile, flags);
// esbuild's own process would keep this one running.
Deno.exit();
