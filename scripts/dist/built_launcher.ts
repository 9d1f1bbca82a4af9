import { build, type Plugin } from "esbuild";
import { dirname } from "node:path";
import { toolNames, toolsetWords } from "../../tools/mod.ts";
import { readGraph } from "../bundle/graph.ts";
import { resolution } from "../bundle/resolution.ts";

const root = `${import.meta.dirname}/../..`;

/**
 * Returns the launcher: one file for Node 20.
 *
 * @param flags Flags of `deno info`: `--import-map`, `--lock`
 */
export async function builtLauncher(flags: readonly string[]): Promise<string> {
  const links = await Deno.makeTempDir();
  const main = `${root}/launcher/launcher.ts`;
  try {
    const { outputFiles: [file] } = await build({
      entryPoints: [main],
      write: false,
      bundle: true,
      minify: true,
      legalComments: "none",
      format: "esm",
      target: "node20",
      platform: "node",
      mainFields: ["module", "main"],
      banner: { js: "#!/usr/bin/env node" },
      inject: [`${root}/launcher/deno_stand_in.ts`],
      plugins: [namesOnly(), resolution(await readGraph(await Deno.realPath(main), flags), links)],
    });
    return file?.text ?? "";
  } finally {
    await Deno.remove(links, { recursive: true });
  }
}

/** Of the tools, a configuration needs only the names. What else is imported some day ends the build. */
function namesOnly(): Plugin {
  return {
    name: "names",
    setup(build) {
      build.onLoad({ filter: /[\\/]tools[\\/]mod\.ts$/ }, ({ path }) => ({
        contents: `export { howToGrant } from "./advice/grants.ts";
          export const toolNames = ${JSON.stringify(toolNames)};
          export const toolsetWords = ${JSON.stringify(toolsetWords)};`,
        loader: "js",
        resolveDir: dirname(path),
      }));
    },
  };
}
