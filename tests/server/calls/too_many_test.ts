import { assertEquals } from "@std/assert";
import { membersOf, tooMany } from "../../../server/calls/too_many.ts";

const list = (count: number) => Array.from({ length: count }, () => 0);

Deno.test("membersOf() counts what is in a list or an object, and nothing in a text", () => {
  const cases: readonly (readonly [unknown, number])[] = [
    [[1, 2, 3], 3],
    [{ a: 1, b: 2 }, 2],
    [[], 0],
    [{}, 0],
    ["text", 0],
    [null, 0],
    [undefined, 0],
    [7, 0],
  ];
  for (const [value, count] of cases) assertEquals(membersOf(value), count, JSON.stringify(value));
});

Deno.test("tooMany() names what is too large by its path, and allows exactly the maximum", () => {
  const long = "x".repeat(300);
  const cases: Readonly<Record<string, readonly [unknown, string | undefined]>> = {
    nothing: [undefined, undefined],
    "2,000 members": [{ a: list(2_000) }, undefined],
    "2,001 members": [{ a: list(2_001) }, "a: expected at most 2,000 members, got 2001"],
    "the arguments themselves": [
      list(2_001),
      "arguments: expected at most 2,000 members, got 2001",
    ],
    "a list deep within": [
      { a: null, b: [{ c: "x" }, { c: list(2_001) }] },
      "b.1.c: expected at most 2,000 members, got 2001",
    ],
    "a long path, which is cut": [
      { [long]: { b: list(2_001) } },
      `${long.slice(0, 200)}: expected at most 2,000 members, got 2001`,
    ],
    // 25 lists and the list of them: 25 + 24 × 2,000 + 1,975 values.
    "50,000 values": [[...Array.from({ length: 24 }, () => list(2_000)), list(1_975)], undefined],
    "50,001 values": [
      [...Array.from({ length: 24 }, () => list(2_000)), list(1_976)],
      "arguments: expected at most 50,000 values in all",
    ],
  };
  for (const [name, [input, fault]] of Object.entries(cases)) {
    assertEquals(tooMany(input), fault, name);
  }
});
