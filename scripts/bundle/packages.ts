import type { ImportKind, OnResolveResult, PluginBuild } from "esbuild";
import { isAbsolute, join, relative } from "node:path";
import type { Graph, GraphModule, NpmPackage } from "./graph.ts";

/** Marks requests to esbuild's own resolution. */
export const asked = {};

/**
 * The packages of a graph, for esbuild's own resolution, which knows `exports` and the like but searches
 * `node_modules`. Deno's cache has none, so each package gets one with links to its dependencies.
 */
export class Packages {
  readonly #graph: Graph;
  readonly #folder: string;
  readonly #made = new Map<string, Promise<string>>();

  /** @param folder An empty folder, for links */
  constructor(graph: Graph, folder: string) {
    this.#graph = graph;
    this.#folder = folder;
  }

  /** Resolves an entry of a package: `npm:/zod@4.6.7/mini`. */
  async resolveEntry(
    build: PluginBuild,
    { specifier, npmPackage: key = "" }: GraphModule,
    kind: ImportKind,
  ): Promise<OnResolveResult | undefined> {
    const { name } = this.#package(key);
    const subpath = /^npm:\/?(?:@[^/]+\/)?[^/]+(\/.*)?$/.exec(specifier)?.[1] ?? "";
    return await this.#ask(build, name + subpath, kind, await this.#links(`${key} itself`, [key]));
  }

  /** Resolves an import of one package by another; `undefined` if the importer is not a package. */
  async resolveImport(
    build: PluginBuild,
    path: string,
    importer: string,
    kind: ImportKind,
  ): Promise<OnResolveResult | undefined> {
    const found = Object.entries(this.#graph.npmPackages).find(([, { localPath }]) => {
      const way = relative(localPath, importer);
      return !way.startsWith("..") && !isAbsolute(way);
    });
    if (found === undefined) return undefined;
    const [key, { dependencies }] = found;
    return await this.#ask(build, path, kind, await this.#links(key, dependencies));
  }

  async #ask(
    build: PluginBuild,
    path: string,
    kind: ImportKind,
    resolveDir: string,
  ): Promise<OnResolveResult | undefined> {
    const found = await build.resolve(path, { kind, resolveDir, pluginData: asked });
    // Some packages import optional ones: esbuild fails properly then.
    return found.errors.length > 0 ? undefined : found;
  }

  /** Creates a folder whose `node_modules` links to packages. */
  #links(name: string, keys: readonly string[]): Promise<string> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#link(join(this.#folder, String(this.#made.size)), keys);
    this.#made.set(name, made);
    return made;
  }

  async #link(folder: string, keys: readonly string[]): Promise<string> {
    for (const key of keys) {
      const { name, localPath } = this.#package(key);
      const link = join(folder, "node_modules", name);
      await Deno.mkdir(join(link, ".."), { recursive: true });
      await Deno.symlink(localPath, link, { type: "junction" });
    }
    return folder;
  }

  #package(key: string): NpmPackage {
    const found = this.#graph.npmPackages[key];
    if (found === undefined) throw new Error(`deno info names no package ${key}`);
    return found;
  }
}
