/** The documentation as its tests read it. @module */

/** A Markdown file. */
export interface Page {
  /** Its path from the root of the project. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
}

const root = new URL("../../", import.meta.url);

/** The README and everything in `docs/`: what users read. */
export const pages: readonly Page[] = await readPages(["README.md", ...await markdownIn("docs")]);

/** What contributors and visitors of the repository read beside it. */
export const otherPages: readonly Page[] = await readPages([
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...await markdownIn("changes.d"),
]);

/** Returns the page at a path. Throws if there is none. */
export function pageAt(path: string): Page {
  const page = pages.find((page) => page.path === path);
  if (page === undefined) throw new Error(`There is no ${path}`);
  return page;
}

/** Returns the fenced blocks of a language, of one page or of all. */
export function blocksOf(language: string, of: readonly Page[] = pages): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return of.flatMap(({ text }) => [...text.matchAll(fence)].map(([, block = ""]) => block));
}

/** Returns the first line of every fence that opens a block, indented ones too. */
export function fences({ text }: Page): string[] {
  const lines = text.split("\n").filter((line) => /^\s*(```|~~~)/.test(line));
  return lines.filter((_line, at) => at % 2 === 0);
}

async function markdownIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(`${folder}/`, root)));
  return entries.map(({ name }) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".md")).sort();
}

function readPages(paths: readonly string[]): Promise<Page[]> {
  return Promise.all(paths.map(async (path) => ({
    path,
    text: await Deno.readTextFile(new URL(path, root)),
  })));
}
