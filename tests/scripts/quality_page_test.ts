import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { countLayers, layersBlock, over } from "../../scripts/quality/layers.ts";
import { sources, withReports } from "../../scripts/quality_page.ts";

const root = new URL("../../", import.meta.url);
const page = await Deno.readTextFile(new URL("docs/quality.md", root));

const counts = { mutants: 1_200, killed: 1_100, survived: 60, justified: 20, timedOut: 20 };
const score = { score: 94.9, margin: 1.2, of: 5_000, seed: 1 };
const mutation = [{ folder: "server", ...counts, ...score, date: "2026-01-02" }];

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
  const row = /^\| `server\/` .*$/m.exec(updated)?.[0].replaceAll(/ +/g, " ");
  assertEquals(row, "| `server/` | 5,000 | 1,200 | 1,120 | 60 | 20 | 94.9 % ± 1.2 | 2026-01-02 |");
  assertEquals(withReports(updated, new Map([["mutation", mutation]])), updated);
  assertEquals(withReports(page, new Map()), page);
});

Deno.test("withReports() keeps the figures of a full run of make bench when another has ended", () => {
  const target = { what: "start, ×", bound: "at most", limit: 3.5, found: 3, holds: true };
  const bench = { at: "2026-01-02T03:04:05Z", machine: "linux", mode: "full, load 1.0" };
  const report = (isComplete: boolean) =>
    new Map([["bench", { ...bench, isComplete, targets: [target] }]]);
  assertEquals(withReports(page, report(false)), page);
  assertStringIncludes(
    withReports(page, report(true)),
    "On 2026-01-02 (linux, full, load 1.0):",
  );
});

Deno.test("withReports() shows of each client when it was tried, and what is known to fail", () => {
  const result = { client: "Mine", version: "1", revision: "2025-11-25", date: "2026-01-02" };
  const other = { ...result, client: "Other", date: "2026-01-03" };
  const results = [
    { ...result, result: "works", known: false },
    { ...result, result: "fails", known: true },
    { ...other, result: "fails", known: false },
  ];
  const updated = withReports(page, new Map([["interop", { results }]]));
  const rows = [...updated.matchAll(/^\| (?:Mine|Other) 1 .*$/gm)]
    .map(([row]) => row.replaceAll(/ +/g, " "));
  assertEquals(rows, [
    "| Mine 1 | 2025-11-25 | 2 | 1 | 0 | 1 | 0 | 2026-01-02 |",
    "| Other 1 | 2025-11-25 | 1 | 0 | 0 | 0 | 1 | 2026-01-03 |",
  ]);
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
