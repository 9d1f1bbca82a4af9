import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { countLayers, layersBlock, over } from "../../scripts/quality/layers.ts";
import { sources, withReports } from "../../scripts/quality_page.ts";

const root = new URL("../../", import.meta.url);
const page = await Deno.readTextFile(new URL("docs/quality.md", root));

const mutants = { mutants: 1_200, killed: 1_100, survived: 60, justified: 20, timedOut: 20 };
const mutation = [{ folder: "server", ...mutants, score: 95.2, seed: 1, date: "2026-01-02" }];

Deno.test("docs/quality.md has a part for the layers and for each source", () => {
  for (const name of ["layers", ...sources.map(({ name }) => name)]) {
    assertEquals(page.split(`<!-- ${name}:begin -->`).length, 2, name);
    assertEquals(page.split(`<!-- ${name}:end -->`).length, 2, name);
  }
});

Deno.test("withReports() replaces only the parts of reports that there are", () => {
  const updated = withReports(page, new Map([["mutation", mutation]]));
  const [before = ""] = page.split("<!-- mutation:begin -->");
  assert(updated.startsWith(before));
  assertStringIncludes(updated, "| `server/` | 1,200");
  assertStringIncludes(updated, "| 1,120 ");
  assertStringIncludes(updated, "| 95 %");
  assertEquals(withReports(updated, new Map([["mutation", mutation]])), updated);
  assertEquals(withReports(page, new Map()), page);
});

Deno.test("withReports() refuses a report of another form", () => {
  for (const { name } of sources) {
    assertThrows(() => withReports(page, new Map([[name, { nothing: true }]])), Error, "");
  }
});

Deno.test("docs/quality.md counts the layers of this checkout, but for the last few", async () => {
  const counts = await countLayers(root);
  const block = page.slice(page.indexOf("layers:begin"), page.indexOf("layers:end"));
  const numbers = (text: string) =>
    [...text.matchAll(/\d[\d,]*/g)].map(([number]) => Number(number.replaceAll(",", "")));
  const shown = numbers(block);
  const now = numbers(layersBlock(counts));
  assertEquals(shown.length, now.length);
  // A commit of tests does not have to write it anew.
  for (const [at, number] of now.entries()) {
    const difference = Math.abs((shown[at] ?? 0) - number);
    assert(
      difference <= Math.max(2, number / 5),
      `${shown[at]} is shown of ${number}: run make quality`,
    );
  }
});

Deno.test("over() keeps two digits, and never says too much", () => {
  assertEquals([61, 810, 811, 1_928, 20_001].map(over), [
    "over 60",
    "over 800",
    "over 810",
    "over 1,900",
    "over 20,000",
  ]);
});
