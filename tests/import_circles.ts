/** Circles of imports, between files and between the entries of one folder. @module */
import { importsOf, type Sources } from "./import_arrows.ts";

/** What each node imports. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Finds circles between files, and between the entries of each folder: its folders, and the files at its
 * top one by one.
 *
 * @returns One circle per folder that has any, as `a → b → a`
 */
export function circles(sources: Sources): string[] {
  const files = fileGraph(sources);
  const folders = new Set([...files.keys()].flatMap(foldersAbove));
  return [files, ...[...folders].map((folder) => entryGraph(files, folder))]
    .map(circleIn)
    .filter((circle) => circle !== undefined)
    .map((circle) => circle.join(" → "));
}

function fileGraph(sources: Sources): Graph {
  return new Map(
    [...sources].map(([path, source]) => {
      const targets = importsOf(source).filter((name) => name.startsWith("."))
        .map((name) => new URL(name, `file:///${path}`).pathname.slice(1));
      return [path, new Set(targets.filter((target) => sources.has(target)))];
    }),
  );
}

/** `client/terminal/` and `client/` for `client/terminal/pool.ts`. */
function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
}

/** Imports between the entries of one folder. */
function entryGraph(files: Graph, folder: string): Graph {
  const graph = new Map<string, Set<string>>();
  const entryOf = (path: string) => folder + path.slice(folder.length).split("/")[0];
  for (const [path, targets] of files) {
    if (!path.startsWith(folder)) continue;
    const entry = entryOf(path);
    const imported = graph.get(entry) ?? new Set();
    graph.set(entry, imported);
    for (const target of targets) {
      if (target.startsWith(folder) && entryOf(target) !== entry) imported.add(entryOf(target));
    }
  }
  return graph;
}

function circleIn(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(node);
    if (start !== -1) return [...path.slice(start), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node]);
      if (circle !== undefined) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
