import { assertEquals } from "@std/assert";
import metadata from "../../deno.json" with { type: "json" };
import { anchors, deadLinks } from "./links.ts";
import { otherPages, pages } from "./pages.ts";

const files: Readonly<Record<string, string>> = {
  "docs/a.md": "# One page\n\n## What `it` does, and not\n\n## Twice\n\n## Twice\n",
  "LICENSE": "Apache",
};
const read = (path: string) => Promise.resolve(files[path]);
const dead = (text: string, path = "README.md") => deadLinks([{ path, text }], read);

Deno.test("deadLinks() resolves files, anchors and folders relative to the page", async () => {
  assertEquals(await dead("[a](docs/a.md), [b](docs/a.md#twice-1), [c](https://x.example/y)"), []);
  assertEquals(await dead("# Here\n\n[a](#here) [license](../LICENSE)", "docs/b.md"), []);
  assertEquals(await dead("[a]: docs/a.md#what-it-does-and-not\n"), []);
});

Deno.test("deadLinks() names the page, the link and what is missing", async () => {
  assertEquals(await dead("see [a](docs/b.md#x)"), [
    "README.md: docs/b.md#x: there is no docs/b.md",
  ]);
  assertEquals(await dead("[a](docs/a.md#thrice)"), [
    "README.md: docs/a.md#thrice: docs/a.md has no heading #thrice",
  ]);
  assertEquals(await dead("[a](#gone)"), ["README.md: #gone: README.md has no heading #gone"]);
  assertEquals(await dead("[a](../LICENSE)", "docs/x/b.md"), [
    "docs/x/b.md: ../LICENSE: there is no docs/LICENSE",
  ]);
});

Deno.test("deadLinks() ignores links and headings in code", async () => {
  assertEquals(await dead("```\n[a](gone.md)\n```\n\nand `[b](gone.md)`"), []);
  assertEquals([...anchors("```sh\n# not one\n```\n# One")], ["one"]);
});

const root = new URL("../../", import.meta.url);

async function readFile(path: string): Promise<string | undefined> {
  try {
    const { isFile } = await Deno.stat(new URL(path, root));
    return isFile ? await Deno.readTextFile(new URL(path, root)) : "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("no relative link or anchor in the documentation is dead", async () => {
  assertEquals(await deadLinks([...pages, ...otherPages], readFile), []);
});

Deno.test("published pages link only to published pages", async () => {
  const isPublished = (path: string) =>
    metadata.publish.include.some((included) =>
      included.endsWith("/") ? path.startsWith(included) : path === included
    );
  const published = [...pages, ...otherPages].filter(({ path }) => isPublished(path));
  const readPublished = (path: string) =>
    isPublished(path) ? readFile(path) : Promise.resolve(undefined);
  assertEquals(await deadLinks(published, readPublished), []);
});
