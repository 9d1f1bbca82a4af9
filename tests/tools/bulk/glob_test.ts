import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fitsGlob, globProblem, isGlob } from "../../../tools/bulk/glob.ts";

/** The same in a few words, slowly. */
function fitsSlowly(name: string, pattern: string): boolean {
  if (pattern === "") return name === "";
  const rest = pattern.slice(1);
  if (pattern.startsWith("*")) {
    return fitsSlowly(name, rest) || (name !== "" && fitsSlowly(name.slice(1), pattern));
  }
  const fits = name !== "" && (pattern.startsWith("?") || pattern[0] === name[0]);
  return fits && fitsSlowly(name.slice(1), rest);
}

Deno.test("* is any number of characters, ? is one, and the whole name has to fit", () => {
  const letters = (set: string) =>
    fc.array(fc.constantFrom(...set), { maxLength: 8 }).map((all) => all.join(""));
  fc.assert(
    fc.property(letters("ab-"), letters("ab-*?"), (name, pattern) => {
      assertEquals(fitsGlob(name, pattern), fitsSlowly(name, pattern));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("fitsGlob() goes back to the last * only: trying all ways would take years here", () => {
  assert(!fitsGlob("a".repeat(53), `${"*a".repeat(31)}*b`));
});

Deno.test("a pattern is told from a name, and from what neither can be", () => {
  assertEquals(["ci-1", "ci-*", "ci-?"].map(isGlob), [false, true, true]);
  assertEquals(globProblem("CI-?-*"), undefined);
  for (const pattern of ["ci.*", "a b*", "*".repeat(65), "[ab]*"]) {
    assert(globProblem(pattern)?.includes("is not a username pattern"), pattern);
  }
});
