import type { Loader, Plugin } from "esbuild";
import { isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Graph } from "./graph.ts";
import { asked, Packages } from "./packages.ts";

const loaders: Readonly<Record<string, Loader>> = {
  TypeScript: "ts",
  Mts: "ts",
  Json: "json",
};

/**
 * Resolves imports as Deno does: with the import map, the lock, JSR and Deno's npm cache, by `deno info`.
 *
 * @param folder An empty folder, for links to packages
 */
export function resolution(graph: Graph, folder: string): Plugin {
  const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
  const packages = new Packages(graph, folder);
  return {
    name: "deno",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, importer, namespace, kind, pluginData }) => {
        if (pluginData === asked || kind === "entry-point") return undefined;
        if (isBuiltin(path)) return { path: `node:${path.replace(/^node:/, "")}`, external: true };
        const from = namespace === "remote" ? importer : pathToFileURL(importer).href;
        const known = modules.get(from)?.dependencies?.find(({ specifier }) => specifier === path);
        if (known?.code === undefined) {
          return path.startsWith(".")
            ? undefined
            : await packages.resolveImport(build, path, importer, kind);
        }
        const { specifier: address } = known.code;
        const module = modules.get(graph.redirects[address] ?? address);
        if (module === undefined) throw new Error(`deno info knows nothing of ${address}`);
        if (module.kind === "npm") return await packages.resolveEntry(build, module, kind);
        return module.specifier.startsWith("file:")
          ? { path: fileURLToPath(module.specifier) }
          : { path: module.specifier, namespace: "remote" };
      });
      build.onLoad({ filter: /.*/, namespace: "remote" }, async ({ path }) => {
        const { local = "", mediaType = "" } = modules.get(path) ?? {};
        return { contents: await Deno.readTextFile(local), loader: loaders[mediaType] ?? "js" };
      });
      build.onLoad(
        { filter: /.*/ },
        async ({ path, with: { type } }) =>
          type === "text" ? { contents: await Deno.readTextFile(path), loader: "text" } : undefined,
      );
    },
  };
}
