import { build, type Plugin } from "esbuild";
import { dirname, resolve } from "node:path";
import { entries } from "../../tools/mod.ts";
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
      plugins: [
        onlyWhatIsUsed(),
        resolution(await readGraph(await Deno.realPath(main), flags), links),
      ],
    });
    return file?.text ?? "";
  } finally {
    await Deno.remove(links, { recursive: true });
  }
}

/** What a configuration needs of the tools. */
const listed = entries.map(({ description: _, load: __, ...entry }) => entry);

/** Leaves out what is not used; a configuration selects tools, and calls none. */
function onlyWhatIsUsed(): Plugin {
  return {
    name: "only what is used",
    setup(build) {
      build.onResolve(
        { filter: /^\.{1,2}\/.*\.ts$/ },
        ({ path, importer, kind }) =>
          kind === "entry-point" || !importer.endsWith(".ts")
            ? undefined
            : { path: resolve(dirname(importer), path), sideEffects: false },
      );
      build.onLoad({ filter: /[\\/]tools[\\/]entries\.ts$/ }, () => ({
        contents: `export const entries = ${JSON.stringify(listed)};
          export const [resourceEntries, promptEntries] = [[], []];`,
        loader: "js",
      }));
    },
  };
}
