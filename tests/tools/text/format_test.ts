import { assert, assertEquals } from "@std/assert";
import { formatBytes, formatFacts, formatNames, formatTable } from "../../../tools/text/format.ts";

Deno.test("formatBytes() returns three digits in decimal units", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [20_824_064, "20.8 MB"],
    [281_564_892, "282 MB"],
    [25_769_803_776, "25.8 GB"],
    [1e18, "1000 PB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
});

Deno.test("formatTable() aligns columns and leaves empty ones out", () => {
  assertEquals(
    formatTable(["name", "none", "n"], [["alice", "", "1"], ["bo", "", "22"]]),
    "name   n\nalice  1\nbo     22",
  );
});

Deno.test("formatFacts() leaves out absent facts", () => {
  assertEquals(formatFacts({ a: "1", b: undefined, c: "" }), "a: 1");
});

Deno.test("formatTable() does not widen each row for one cell that is very long", () => {
  const rows = [["x".repeat(60_000), "1"], ...Array(1_000).fill(["y", "1"])];
  const table = formatTable(["a", "b"], rows);
  assert(table.length < 60_000 + 1_003 * 90, `${table.length} characters`);
});

Deno.test("formatNames() lists five, and counts the rest", () => {
  const names = ["alice", "bob", "carol", "dave", "erin", "fred", "gail"];
  assertEquals(formatNames(names), "alice, bob, carol, dave, erin and 2 more");
  assertEquals(formatNames(names.slice(0, 5)), "alice, bob, carol, dave, erin");
  assertEquals(formatNames([]), "");
});
