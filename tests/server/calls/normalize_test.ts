import { assertEquals } from "@std/assert";
import { z } from "zod";
import { normalize } from "../../../server/calls/normalize.ts";
import { mapOf } from "../../../tools/schema/map_of.ts";

/** A value as it is sent, and as it is read. */
type Row = readonly [given: unknown, read: unknown];

const fields = z.strictObject({
  name: z.string(),
  count: z.int().optional(),
  flag: z.boolean().default(false),
  mode: z.enum(["fast", "slow"]).optional(),
  word: z.enum(["null", "x"]).optional(),
  note: z.string().optional(),
});
const cases: Readonly<Record<string, readonly [z.core.$ZodType, readonly Row[]]>> = {
  "a switch is a word or 0 or 1, in any case": [z.boolean(), [
    ["true", true],
    ["YES", true],
    [" 1 ", true],
    [1, true],
    ["False", false],
    ["no", false],
    ["0", false],
    [0, false],
    ["on", "on"],
    ["", ""],
    [2, 2],
    [null, null],
    [["true"], ["true"]],
  ]],
  "a number is a plain decimal": [z.number(), [
    ["0", 0],
    ["-0", 0],
    [" 10 ", 10],
    ["-2.50", -2.5],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993", "-9007199254740993"],
    ["01", "01"],
    ["1.", "1."],
    [".5", ".5"],
    ["+1", "+1"],
    ["1e3", "1e3"],
    ["1 2", "1 2"],
    ["", ""],
    [true, true],
    [null, null],
  ]],
  "a text takes the digits of a whole number, and no others": [z.string(), [
    [5, "5"],
    [-0, "0"],
    [-7, "-7"],
    [1.5, 1.5],
    [9007199254740991, "9007199254740991"],
    [9007199254740992, 9007199254740992],
    [1e21, 1e21],
    [NaN, NaN],
    [true, true],
    [null, null],
    [["a"], ["a"]],
    [" as it is ", " as it is "],
  ]],
  "a word takes another case where one word only fits": [z.enum(["on", "ON", "Off"]), [
    ["on", "on"],
    ["ON", "ON"],
    ["On", "On"],
    [" oFF ", "Off"],
    ["of", "of"],
  ]],
  "a number of an enumeration is no word": [z.literal("7"), [[7, "7"]]],
  "a list of texts takes one text that can be only one": [z.array(z.string()), [
    ["alice", ["alice"]],
    ["a b", "a b"],
    ["a,b", "a,b"],
    ["a;b", "a;b"],
    ["a,", ["a,"]],
    ["", ""],
    [' ["a", 1]', ["a", "1"]],
    ["[a", "[a"],
    ['{"a":1}', ['{"a":1}']],
    [[1, true], ["1", true]],
    [7, 7],
    [null, null],
  ]],
  "a text of which only some parts could be members is one member": [
    z.array(z.string().regex(/^[a-z]+$/)),
    [["alice 7", ["alice 7"]], ["alice, bob", "alice, bob"]],
  ],
  "a text with spaces is one member where its parts could be none": [
    z.array(z.string().regex(/^ssh-\w+ \w+$/)),
    [["ssh-rsa AAAA", ["ssh-rsa AAAA"]]],
  ],
  "a list of numbers is written as a list": [z.array(z.number()), [
    ["5", "5"],
    ["[5]", [5]],
    [["5", "x"], [5, "x"]],
  ]],
  "a map is an object, or its JSON": [mapOf(z.string(), z.string()), [
    [{ a: 1, b: "c" }, { a: "1", b: "c" }],
    [' {"a":1}', { a: "1" }],
    ["{a", "{a"],
    ["[]", "[]"],
    [[], []],
    [{ a: null, b: "" }, { a: null, b: "" }],
  ]],
  "fields that may be absent are, where they are null or empty": [fields, [
    [{ name: null, count: null, flag: null, mode: "", note: "" }, { name: null }],
    [{ name: "", count: "", flag: "" }, { name: "" }],
    [{ name: "null", count: "null", flag: "null", mode: "null" }, { name: "null" }],
    [{ name: "x", word: "null", note: "null" }, { name: "x", word: "null", note: "null" }],
    [{ name: 1, count: "2", flag: "no", mode: "FAST" }, {
      name: "1",
      count: 2,
      flag: false,
      mode: "fast",
    }],
    [{ other: "1", toString: "null" }, { other: "1", toString: "null" }],
    ['{"name":1}', { name: "1" }],
    [" {", " {"],
    ["name", "name"],
    [[], []],
    [null, null],
  ]],
  "what schemas only wrap is read as what is in them": [
    z.array(z.int()).optional().default([]).readonly(),
    [["[1]", [1]], [["2"], [2]]],
  ],
  "what is changed after it was checked is read as it comes in": [
    z.string().transform((text) => text.length),
    [[12, "12"]],
  ],
  "what may be of several types stays as it is": [z.union([z.string(), z.number()]), [
    [7, 7],
    ["7", "7"],
  ]],
  "what may be anything stays as it is": [z.unknown(), [[7, 7], ["true", "true"], [null, null]]],
};

Deno.test("normalize() reads what can be meant in one way only, and nothing else", async (t) => {
  for (const [name, [schema, rows]] of Object.entries(cases)) {
    await t.step(name, () => {
      for (const [given, read] of rows) {
        assertEquals(normalize(schema, given), read, JSON.stringify(given));
      }
    });
  }
});

Deno.test("normalize() reads lists and objects of 2,000 members, and leaves longer ones as they are", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
  const texts = (count: number) => numbers(count).map(String);
  const object = (count: number) => Object.fromEntries(texts(count).map((key) => [`k${key}`, 1]));
  const read = (schema: z.core.$ZodType, value: unknown) => normalize(schema, value);
  assertEquals(read(z.array(z.string()), numbers(2_000)), texts(2_000));
  assertEquals(read(z.array(z.string()), numbers(2_001)), numbers(2_001));
  const map = mapOf(z.string(), z.string());
  assertEquals(Object(read(map, object(2_000))).k0, "1");
  assertEquals(Object(read(map, object(2_001))).k0, 1);
  assertEquals(Object(read(map, JSON.stringify(object(2_001)))).k0, 1);
  const named = (count: number) => ({ name: 1, ...object(count - 1) });
  assertEquals(Object(read(fields, named(2_000))).name, "1");
  assertEquals(Object(read(fields, named(2_001))).name, 1);
});
