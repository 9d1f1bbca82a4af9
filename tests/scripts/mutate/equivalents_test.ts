import { assert, assertEquals } from "@std/assert";
import { isJustified, staleEntries } from "../../../scripts/mutate/equivalents.ts";
import { merged, summarize } from "../../../scripts/mutate/summary.ts";
import type { Standing, Verdict } from "../../../scripts/mutate/verdicts.ts";

const mutant = {
  id: 1,
  key: "1",
  file: "server/a.ts",
  line: 3,
  operator: "EqualityOperator",
  original: "a < b",
  mutation: "a <= b",
};
const entry = {
  file: "server/a.ts",
  original: "a < b",
  mutations: ["a <= b"],
  reason: "They are never equal.",
};

function standing(verdict: Verdict, mutation = "a <= b"): Standing {
  return { mutant: { ...mutant, mutation }, verdict, wasReached: true };
}

Deno.test("isJustified() goes by file, original and mutation, wherever it stands", () => {
  assert(isJustified({ ...mutant, line: 9 }, [entry]));
  for (const other of [{ file: "server/b.ts" }, { original: "b < a" }, { mutation: "true" }]) {
    assert(!isJustified({ ...mutant, ...other }, [entry]));
  }
  const several = { ...entry, original: ["b < a", "a < b"] };
  assert(isJustified(mutant, [several]));
  assertEquals(staleEntries("server", [standing("survived")], [several]), [
    "server/a.ts: b < a → a <= b is no mutant",
  ]);
});

Deno.test("staleEntries() names what is no mutant any more, and what a test finds", () => {
  assertEquals(staleEntries("server", [standing("survived")], [entry]), []);
  assertEquals(staleEntries("client", [], [entry]), []);
  assertEquals(staleEntries("server", [standing("killed")], [entry]), [
    "server/a.ts: a < b → a <= b was found",
  ]);
  assertEquals(staleEntries("server", [standing("survived", "true")], [entry]), [
    "server/a.ts: a < b → a <= b is no mutant",
  ]);
});

Deno.test("summarize() leaves out of the score what is justified, and says how sure a sample is", () => {
  const all = [
    standing("killed"),
    standing("timed out"),
    standing("survived"),
    standing("uncovered"),
  ];
  const { killed, survived, timedOut, score, margin } = summarize("server", all, {
    of: 4,
    seed: 1,
  });
  assertEquals({ killed, survived, timedOut, score, margin }, {
    killed: 1,
    survived: 2,
    timedOut: 1,
    score: 50,
    margin: 0,
  });
  assert(summarize("server", all, { of: 4_000, seed: 1 }).margin > 40);
});

Deno.test("merged() keeps what came last of each folder that is still mutated, in their order", () => {
  const of = (folder: string, seed: number) => summarize(folder, [], { of: 0, seed });
  const before = [of("tools/bulk", 1), of("server", 1), of("client/gone", 1)];
  const all = merged(before, [of("client/transport", 2), of("server", 2)]);
  assertEquals(all.map(({ folder, seed }) => [folder, seed]), [
    ["client/transport", 2],
    ["server", 2],
    ["tools/bulk", 1],
  ]);
});
