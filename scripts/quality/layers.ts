/** What is tested by what, counted in the tree. @module */
import { markdownTable } from "../markdown.ts";

/** How much there is. */
export interface LayerCounts {
  /** Tests. */
  readonly tests: number;
  /** Steps of tests that stand in the source; loops run more. */
  readonly steps: number;
  /** Properties that are tried with random inputs. */
  readonly properties: number;
  /** Recorded exchanges of real daemons. */
  readonly exchanges: number;
}

/** Counts in a checkout. */
export async function countLayers(root: URL): Promise<LayerCounts> {
  const files: (readonly [path: string, text: string])[] = [];
  for (const path of await filesBelow(new URL("tests/", root), "tests")) {
    if (/_test\.ts$|\.jsonl$/.test(path)) {
      files.push([path, await Deno.readTextFile(new URL(path, root))]);
    }
  }
  const sum = (ending: string, pattern: RegExp) =>
    files.filter(([path]) => path.endsWith(ending))
      .reduce((count, [, text]) => count + [...text.matchAll(pattern)].length, 0);
  return {
    tests: sum("_test.ts", /^\s*(?:Deno\.test|testWithPty)\(/gm),
    steps: sum("_test.ts", /\bt\.step\(/g),
    properties: sum("_test.ts", /\bfc\.assert\(/g),
    exchanges: sum(".jsonl", /^\{/gm),
  };
}

async function filesBelow(folder: URL, path: string): Promise<readonly string[]> {
  const below = await Array.fromAsync(
    Deno.readDir(folder),
    async ({ name, isDirectory }) =>
      isDirectory
        ? await filesBelow(new URL(`${name}/`, folder), `${path}/${name}`)
        : [`${path}/${name}`],
  );
  return below.flat().toSorted();
}

/** Returns a number below it, with two digits: the page stays true when a test is added. */
export function over(count: number): string {
  const unit = Math.max(10, 10 ** Math.floor(Math.log10(count) - 1));
  return `over ${(Math.floor((count - 1) / unit) * unit).toLocaleString("en")}`;
}

/** Returns them as Markdown. */
export function layersBlock(counts: LayerCounts): string {
  const { tests, steps, properties, exchanges } = counts;
  return markdownTable([
    ["Layer", "What it holds to what", "How much"],
    [
      "Tests",
      "Every file, over real sockets: the simulated daemon, real shells on a pty, the server in the " +
      "test's process or, for permissions and pipes, in one of its own",
      `${over(tests)} tests, ${over(steps)} steps`,
    ],
    ["Properties", "Random inputs to what must hold for all", over(properties)],
    [
      "Models",
      "Random moves of several clients to a model: quotas, bulk work, routes, files, graces, leftovers",
      "six subjects",
    ],
    ["Recordings", "The simulator to what real daemons answered", `${over(exchanges)} exchanges`],
    [
      "Official clients",
      "The server to the conformance suite, the Inspector, and the clients in TypeScript and Python",
      "both revisions",
    ],
    [
      "Documents",
      "README and docs to what their commands, code blocks and links do",
      "every block",
    ],
    ["Soak", "Servers to the daemon's state while anything goes wrong", "[below](#soak)"],
    ["Attacks", "Every place for a text to texts that try to be more", "[below](#soak)"],
    ["Interop", "The server to programs that use the clients of others", "[below](#interop)"],
    ["Mutation", "The tests themselves to changes of the source", "[below](#mutation)"],
  ]);
}
