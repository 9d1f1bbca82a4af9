import { assert, assertEquals } from "@std/assert";
import { instrument } from "../../../scripts/mutate/instrument.ts";
import { activate } from "../../../scripts/mutate/mutant_switch.ts";

/** Mutations of a source, as "original → mutation". */
function mutationsOf(source: string): readonly string[] {
  return instrument("a.ts", source, 1).mutants
    .map(({ original, mutation }) => `${original} → ${mutation}`);
}

/** What a source exports as `result`, with the mutant that makes one text of another. */
async function resultWith(source: string, original: string, mutation: string): Promise<unknown> {
  const { source: instrumented, mutants } = instrument("a.ts", source, 1);
  const chosen = mutants.find((mutant) =>
    mutant.original === original && mutant.mutation === mutation
  );
  assert(chosen !== undefined, JSON.stringify(mutants));
  const from = new URL("../../../scripts/mutate/mutant_switch.ts", import.meta.url).href;
  const code = instrumented.replace("scripts/mutate/mutant_switch.ts", from);
  const { result } = await import(`data:application/typescript,${encodeURIComponent(code)}`);
  try {
    activate(0);
    assertEquals(result(), 1, "without a mutant");
    activate(chosen.id);
    return result();
  } finally {
    activate(0);
  }
}

Deno.test("instrument() changes comparisons, logic, tests, calculations and literals", () => {
  assertEquals(mutationsOf("x(a < b);"), [
    "a < b → a <= b",
    "a < b → a >= b",
    "a < b → true",
    "a < b → false",
  ]);
  assertEquals(mutationsOf("x(a && !b);"), ["!b → b", "a && !b → (a) || (!b)"]);
  assertEquals(mutationsOf("if (a) {}"), ["a → true", "a → false"]);
  assertEquals(mutationsOf("while (a) {}"), ["a → false"]);
  assertEquals(mutationsOf("x(-a % b, i++);"), ["-a → +a", "-a % b → (-a) * (b)", "i++ → i--"]);
  assertEquals(mutationsOf('x([a], {}, { b }, "c", "", true);'), [
    "[a] → []",
    "{ b } → {}",
    '"c" → ""',
    '"" → "Something else"',
    "true → false",
  ]);
  assertEquals(mutationsOf("x(/^a$/);"), ["/^a$/ → /a$/", "/^a$/ → /^a/"]);
  assertEquals(mutationsOf("const f = () => a.filter(b);"), [
    "a.filter(b) → a",
    "a.filter(b) → undefined",
  ]);
  assertEquals(mutationsOf("const f = () => undefined;"), []);
});

Deno.test("instrument() has no mutant that is what it was", () => {
});

Deno.test("instrument() removes bodies, blocks and what stands in a case", () => {
  assertEquals(mutationsOf("function f() { a(); }"), ["{ a(); } → {}"]);
  assertEquals(mutationsOf("try { a(); } finally { b(); }"), ["{ a(); } → {}", "{ b(); } → {}"]);
  assertEquals(mutationsOf("switch (a) { case b: c(); }"), ["case b: c(); → case b:"]);
  assertEquals(mutationsOf('switch (a) { case "b": c(); default: d(); }'), [
    '"b" → ""',
    'case "b": c(); → case "b":',
    "default: d(); → default:",
  ]);
});

Deno.test("instrument() leaves types, patterns, names, prose and comments alone", () => {
  const sources = [
    'type A = "b" | true;',
    "const [a, { b }] = c;",
    "[a, b] = c;",
    'const { "a": d, ...e } = c;',
    'import { a } from "./b.ts";',
    'export * from "./b.ts";',
    'const a = await import("./b.ts");',
    'const a: "b" = c as "d";',
    'x("Cannot stop it: it runs");',
    "x(`It takes ${a} seconds`);",
    '/** A "text". */\nx();',
  ];
  for (const source of sources) assertEquals(mutationsOf(source), [], source);
  assertEquals(mutationsOf('x = { "a": b };'), ['{ "a": b } → {}']);
});

Deno.test("instrument() keeps what a file does, and its lines, until a mutant is active", async () => {
  const cases = [
    ["export const result = () => [2, 1].toSorted()[0];", "[2, 1].toSorted()", "[2, 1]", 2],
    ["export const result = (): number =>\n  (1 < 2 ? 1 : 3);", "1 < 2", "false", 3],
    ["export function result() {\n  return 1;\n}", "{ return 1; }", "{}", undefined],
    [
      "export const result = () => {\n  switch (+1) {\n    case 1: return 1;\n    default: return 5;\n  }\n};",
      "case 1: return 1;",
      "case 1:",
      5,
    ],
    ["let a = 2;\nexport const result = () => (a ??= 1, a--, a++, 1);", "a++", "a--", 1],
  ] as const;
  for (const [source, original, mutation, expected] of cases) {
    assertEquals(await resultWith(source, original, mutation), expected, source);
    const { source: instrumented } = instrument("a.ts", source, 1);
    assertEquals(instrumented.split("\n").length, source.split("\n").length);
  }
});

Deno.test("instrument() changes one ?. of a chain, and the others still skip all of it", async () => {
  const source = "const a: any = { b: undefined };\nexport const result = () => a?.b?.c.d ?? 1;";
  assertEquals(mutationsOf("x(a?.b?.c.d);"), [
    "a?.b?.c.d → a?.b.c.d",
    "a?.b?.c.d → a.b?.c.d",
  ]);
  assertEquals(await resultWith(source, "a?.b?.c.d", "a.b?.c.d"), 1);
});

Deno.test("instrument() numbers mutants on from a number, each with its line", () => {
  const { mutants } = instrument("a.ts", "x(\n  !a,\n  !b,\n);", 7);
  assertEquals(mutants.map(({ id, line }) => [id, line]), [[7, 2], [8, 3]]);
});
