/** What a call answers, whatever its tool does: lengths, failures, bugs, and what programs go by. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { ContainariumError } from "../../../client/mod.ts";
import type { Tool } from "../../../tools/mod.ts";
import type { Message } from "../../session.ts";
import { makeTool, secret, serveTools } from "../fixture.ts";

type Result = NonNullable<Message["result"]>;

/** Calls a tool, and returns its result with what was logged as a warning or an error. */
async function answerOf(parts: Partial<Tool>, args: unknown = {}) {
  const logged: string[] = [];
  await using server = serveTools([makeTool(parts)], {}, (level, line) => {
    if (level === "warning" || level === "error") logged.push(`${level}: ${line}`);
  });
  await server.initialize();
  const { result = {} } = await server.request("tools/call", { name: "say_word", arguments: args });
  return { result, text: textOf(result), logged };
}

function textOf({ content }: Result): string {
  const [block] = Array.isArray(content) ? content : [];
  return block?.text ?? "";
}

Deno.test("tools/call answers 4,000,000 characters in all, and says so where there are more", async (t) => {
  const spare = JSON.stringify({ word: "", items: [] }).length;
  const saying = (count: number): Partial<Tool> => ({
    run: () => Promise.resolve({ word: "", items: [] }),
    render: () => "x".repeat(count),
  });
  await t.step("as many", async () => {
    const { result, text } = await answerOf(saying(4_000_000 - spare));
    assertEquals([result.isError, text.length], [undefined, 4_000_000 - spare]);
  });
  for (
    const [effect, what] of [["read", "Not answered"], [
      "write",
      "say_word was carried out",
    ]] as const
  ) {
    await t.step(`one more of a ${effect}`, async () => {
      const { result, text } = await answerOf({ ...saying(4_000_001 - spare), effect });
      assertEquals(result.isError, true);
      assertEquals(result.structuredContent, undefined);
      assertEquals<unknown>(result._meta, { "containarium/code": "resource_exhausted" });
      assertEquals(
        text,
        `${what}: the answer of 4000001 characters is too large to pass on.\n` +
          "Next: ask for less: one container by its name, a filter, a smaller limit.",
      );
    });
  }
});

Deno.test("tools/call cuts a failure at 20,000 characters, and says how many are missing", async () => {
  const failing = (count: number): Partial<Tool> => ({
    run: () => Promise.reject(new ContainariumError("internal", "x".repeat(count))),
  });
  const { text: whole } = await answerOf(failing(19_000));
  assert(!whole.includes("left out"), whole.slice(-100));
  const more = whole.length - 19_000;
  const { text: fits } = await answerOf(failing(20_000 - more));
  assertEquals(fits.length, 20_000);
  const { text: cut } = await answerOf(failing(20_002 - more));
  assert(cut.startsWith(fits.slice(0, 19_900)));
  assertEquals(cut.slice(20_000), "… [2 characters left out]");
});

Deno.test("tools/call reports code and reason for programs, and a result's own failure without", async () => {
  const failed = await answerOf({
    run: () => Promise.reject(new ContainariumError("conflict", "It is", { reason: "protected" })),
  });
  assertEquals(failed.result.isError, true);
  assertEquals<unknown>(failed.result._meta, {
    "containarium/code": "conflict",
    "containarium/reason": "protected",
  });
  assertEquals(failed.logged, []);
  const inPart = await answerOf({ failed: ({ word }) => word === "hello" });
  assertEquals([inPart.result.isError, inPart.result._meta], [true, undefined]);
  assertEquals<unknown>(inPart.result.structuredContent, { word: "hello", items: [] });
  const whole = await answerOf({ failed: ({ word }) => word !== "hello" });
  assertEquals(Object.keys(whole.result), ["content", "structuredContent"]);
});

Deno.test("tools/call reports a bug on one line, and logs where it is", async () => {
  const bugs: readonly (readonly [error: unknown, shown: string])[] = [
    [new TypeError(`of two\nlines with ${secret}`), "TypeError: of two lines with [token]"],
    ["a text", "a text"],
    [undefined, "undefined"],
  ];
  for (const [error, shown] of bugs) {
    const { result, text, logged } = await answerOf({ run: () => Promise.reject(error) });
    assertEquals([result.isError, result._meta], [true, undefined]);
    const [what = "", next] = text.split("\n");
    assertStringIncludes(what, "say_word failed because of a bug in this server: ");
    assertStringIncludes(what.replaceAll(/\\u\{a\}|↵/g, " "), shown);
    assertEquals(next, "Next: report it; get_container shows the state of the container.");
    assertEquals(logged.length, 1);
    assertStringIncludes(logged[0] ?? "", "error: say_word: ");
    if (error instanceof Error) assertStringIncludes(logged[0] ?? "", "call_answers_test.ts");
  }
});

Deno.test("tools/call names every fault of its arguments, the first twenty of many", async () => {
  const input = z.strictObject({
    texts: z.array(z.string().max(3)).min(2).max(4).optional(),
    one: z.array(z.string()).min(1).optional(),
    count: z.number().min(1).max(5).optional(),
    word: z.string().min(1).max(3).optional(),
    code: z.string().min(2).optional(),
    coin: z.string().max(4, "is none of the coins").optional(),
    list: z.array(z.strictObject({ n: z.int() })).optional(),
    map: z.record(z.string(), z.string()).optional(),
    mode: z.enum(["fast", "slow"]).optional(),
  });
  const rows: readonly (readonly [args: unknown, line: string])[] = [
    [{ texts: ["a"] }, "texts: expected at least 2 members"],
    [{ texts: ["a", "b", "c", "d", "e"] }, "texts: expected at most 4 members"],
    [{ texts: ["a", "long"] }, "texts.1: expected at most 3 characters"],
    [{ one: [] }, "one: must not be empty"],
    [{ count: 0 }, "count: expected at least 1"],
    [{ count: 6 }, "count: expected at most 5"],
    [{ count: [] }, "count: expected a number, got a list"],
    [{ count: {} }, "count: expected a number, got an object"],
    [{ word: "long" }, "word: expected at most 3 characters"],
    [{ word: true }, "word: expected text, got true"],
    [{ code: "x" }, "code: expected at least 2 characters"],
    [{ coin: "dollar" }, "coin: is none of the coins"],
    [{ list: "x" }, "list: expected a list, got text"],
    [{ list: [{}] }, "list.0.n: missing: expected a number"],
    [{ list: [{ n: "" }] }, "list.0.n: expected a number, got empty text"],
    [{ list: [{ n: 1.5 }] }, "list.0.n: expected a whole number, got 1.5"],
    [{ list: [{ n: 1, m: 2 }] }, "list.0.m: unknown argument; known: n"],
    [{ map: [] }, "map: expected an object, got a list"],
    [{ mode: "medium" }, 'mode: expected one of "fast"|"slow"'],
    [{ map: { ["k".repeat(300)]: [] } }, `map.${"k".repeat(100)}: expected text, got a list`],
  ];
  for (const [args, line] of rows) {
    const { result, text } = await answerOf({ input }, args);
    assertEquals<unknown>(result._meta, { "containarium/code": "invalid_argument" });
    assertEquals(text, `Invalid arguments for say_word:\n${line}`);
  }
  const none = await answerOf({ input: z.strictObject({}) }, { a: 1, b: 2 });
  assertEquals(
    none.text,
    "Invalid arguments for say_word:\na, b: unknown argument; it takes no arguments",
  );
  const faults = (count: number) => ({ list: Array.from({ length: count }, () => ({ n: "x" })) });
  const twenty = (await answerOf({ input }, faults(20))).text.split("\n");
  assertEquals([twenty.length, twenty.at(-1)], [21, "list.19.n: expected a number, got text"]);
  const more = (await answerOf({ input }, faults(23))).text.split("\n");
  assertEquals([more.length, more.at(-1)], [22, "and 3 more"]);
  const keys = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`key${at}`, 1]));
  const { text } = await answerOf({ input }, keys);
  assertStringIncludes(text, "key9: unknown argument");
  assert(!text.includes("key10"), text);
});

Deno.test("tools/call takes arguments as an object or its JSON, and refuses the rest", async () => {
  await using server = serveTools([makeTool()]);
  await server.initialize();
  const call = (params: Readonly<Record<string, unknown>>) => server.request("tools/call", params);
  for (const args of [undefined, null, "", "{}", {}, '{"word":"x"}']) {
    const { result } = await call({ name: "say_word", arguments: args });
    assertEquals(result?.isError, undefined, JSON.stringify(args));
  }
  const wrong = [
    {},
    { name: 7 },
    ...["x", "[]", "7", [], 7, true].map((args) => ({
      name: "say_word",
      arguments: args,
    })),
  ];
  for (const params of wrong) {
    const { error } = await call(params);
    assertEquals(error?.code, -32602, JSON.stringify(params));
    assertEquals(
      error?.message,
      "tools/call: expected params {name: string, arguments?: object}",
    );
  }
});
