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

Deno.test("fitsGlob() reads * as any number of characters and ? as one, and matches whole names", () => {
  const letters = (set: string) =>
    fc.array(fc.constantFrom(...set), { maxLength: 8 }).map((all) => all.join(""));
  fc.assert(
    fc.property(letters("ab-"), letters("ab-*?"), (name, pattern) => {
      assertEquals(fitsGlob(name, pattern), fitsSlowly(name, pattern));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("fitsGlob() backtracks to the last * only, so no pattern takes years", () => {
  assert(!fitsGlob("a".repeat(53), `${"*a".repeat(31)}*b`));
});

Deno.test("isGlob() and globProblem() distinguish patterns, names, and what can be neither", () => {
  assertEquals(["ci-1", "ci-*", "ci-?"].map(isGlob), [false, true, true]);
  assertEquals(globProblem("CI-?-*"), undefined);
  for (const pattern of ["ci.*", "a b*", "*".repeat(65), "[ab]*"]) {
    assert(globProblem(pattern)?.includes("is not a username pattern"), pattern);
  }
});
