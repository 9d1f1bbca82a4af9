import { assertEquals } from "@std/assert";
import { resourceEntries } from "../../../tools/entries.ts";
import { pageAt } from "../../scripts/pages.ts";

Deno.test("docs/resources.md has a row for each resource that lists name, as they name it", () => {
  const rows = [
    ...pageAt("docs/resources.md").text.matchAll(/^\| `(.+?)` +\| (.+?) +\| `(\w+)` +\|$/gm),
  ]
    .map(([, uri, description, tool]) => [uri, description, tool]);
  const listed = resourceEntries
    // docs/prompts.md has the runbooks.
    .filter(({ isListed = true, description }) => isListed && !description.uri.startsWith("skill:"))
    .map(({ description: { uri, description }, tools: [tool] }) => [uri, description, tool]);
  assertEquals(rows, listed);
});
