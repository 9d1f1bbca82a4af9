/** Calls by the process itself, on the same path as a client's. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { ContainariumClient, ContainariumError } from "../../client/mod.ts";
import { silent } from "../../client/internal.ts";
import { callByHand, type HandCall } from "../../server/by_hand.ts";
import type { RecordEntry } from "../../server/mod.ts";
import type { ServeOptions } from "../../server/serve_options.ts";
import { entryOf } from "../../tools/entry.ts";
import type { Tool } from "../../tools/mod.ts";
import { makeDestroyer, makeTool, secret } from "./fixture.ts";

/** Calls `say_word`, or another tool, with whoever answers as a test likes. */
async function callWith(
  tools: readonly Tool[],
  call: Partial<HandCall> = {},
  options: Partial<Pick<ServeOptions, "audit" | "consent" | "log">> = {},
) {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  return await callByHand({
    client,
    log: silent,
    tools: {
      on: tools.map((tool) => entryOf(tool, "tests")),
      off: new Map([["run_command", "not wanted"]]),
      readOnly: false,
    },
    ...options,
  }, {
    tool: "say_word",
    input: {},
    caller: { name: "tests", version: "1" },
    signal: new AbortController().signal,
    ask: () => Promise.reject(new Error("nobody is asked")),
    isPreapproved: false,
    report: () => {},
    ...call,
  });
}

Deno.test("callByHand() returns the text and the same as data", async () => {
  assertEquals(await callWith([makeTool()]), {
    text: "hello",
    structuredContent: { word: "hello", items: [] },
    isError: false,
    code: undefined,
    reason: undefined,
    isRefused: false,
  });
});

Deno.test("callByHand() reads arguments as a model's, and says what does not fit", async () => {
  const tool = makeTool({
    input: z.strictObject({ count: z.int() }),
    run: ({ count }) => Promise.resolve({ word: `${count}`, items: [] }),
    render: ({ word }) => `counted ${word}`,
  });
  assertEquals((await callWith([tool], { input: { count: "3" } })).text, "counted 3");
  const { text, structuredContent, isError, code } = await callWith([tool], {
    input: { count: "three" },
  });
  assertStringIncludes(text, "count: expected a number, got text");
  assertEquals([structuredContent, isError, code], [undefined, true, "invalid_argument"]);
});

Deno.test("callByHand() reports a failure with its code and reason, and one in the result without", async () => {
  const failing = makeTool({
    run: () =>
      Promise.reject(new ContainariumError("conflict", "It is there", { reason: "protected" })),
  });
  const { isError, code, reason, isRefused } = await callWith([failing]);
  assertEquals([isError, code, reason, isRefused], [true, "conflict", "protected", false]);
  const inPart = await callWith([makeTool({ failed: () => true })]);
  assertEquals([inPart.isError, inPart.code], [true, undefined]);
  assertEquals(inPart.structuredContent, { word: "hello", items: [] });
});

Deno.test("callByHand() refuses a tool that is off or unknown, with its code", async () => {
  const off = await callWith([], { tool: "run_command" });
  assertEquals([off.isError, off.code], [true, "permission_denied"]);
  assertStringIncludes(off.text, "run_command is off: not wanted.");
  const prefixed = await callWith([], { tool: "containarium:run_command" });
  assertEquals([prefixed.isError, prefixed.code], [true, "permission_denied"]);
  assertEquals(await callWith([makeTool()], { tool: "say_wrod" }), {
    text: "Unknown tool: say_wrod; did you mean say_word?",
    isError: true,
    code: "invalid_argument",
    isRefused: false,
  });
});

Deno.test("callByHand() asks with the question, and runs only after a yes", async () => {
  const destroyer = makeDestroyer();
  const asked: unknown[] = [];
  const answering = (isYes: boolean) => ({
    tool: "lose_all",
    ask: (question: unknown) => {
      asked.push(question);
      return Promise.resolve(isYes);
    },
  });
  const refused = await callWith([destroyer.tool], answering(false));
  assertEquals([refused.isRefused, refused.isError, destroyer.runs], [true, true, 0]);
  assertStringIncludes(refused.text, "The user declined: Lose it all?");
  assertStringIncludes(refused.text, "the user said no");
  const done = await callWith([destroyer.tool], answering(true));
  assertEquals([done.isRefused, done.isError, destroyer.runs], [false, false, 1]);
  assertEquals(asked, Array(2).fill({ message: "Lose it all?", confirm: "Lose it" }));
  const unasked = await callWith([destroyer.tool], { tool: "lose_all" });
  assertEquals([unasked.isRefused, destroyer.runs], [true, 1]);
  assertStringIncludes(unasked.text, "the user could not be asked: nobody is asked");
});

Deno.test("callByHand() reports progress, with its total where it is known", async () => {
  const tool = makeTool({
    run: (_args, { progress }) => {
      progress(1, 4, "one");
      progress(2, undefined, "two");
      return Promise.resolve({ word: "w", items: [] });
    },
  });
  const reports: unknown[] = [];
  await callWith([tool], { report: (...report) => reports.push(report) });
  assertEquals(reports, [[1, 4, "one"], [2, undefined, "two"]]);
});

Deno.test("callByHand() records who called, what was asked, and how it ended", async () => {
  const entries: RecordEntry[] = [];
  const audit = (entry: RecordEntry) => {
    entries.push(entry);
    return Promise.resolve();
  };
  await callWith([makeDestroyer().tool], {
    tool: "lose_all",
    ask: () => {
      assertEquals(entries.map(({ event }) => event), ["asked"]);
      return Promise.resolve(true);
    },
  }, { audit });
  assertEquals(entries.map(({ event, outcome }) => [event, outcome]), [
    ["asked", undefined],
    ["begun", undefined],
    ["ended", "ok"],
  ]);
  assertEquals(entries.map(({ client }) => client?.name), ["tests", "tests", undefined]);
  assertEquals(entries[1]?.consent?.answer, "accepted");
});

Deno.test("callByHand() records a caller as unknown where its name could pass for more than one", async () => {
  const rows = [{}, { name: "a\nb", version: 7 }, { name: "x".repeat(49), version: "" }];
  for (const caller of rows) {
    const entries: RecordEntry[] = [];
    const audit = (entry: RecordEntry) => Promise.resolve(void entries.push(entry));
    await callWith([makeTool()], { caller }, { audit });
    assertEquals(entries[0]?.client, { name: "unknown", version: "unknown" });
  }
});

Deno.test("callByHand() asks nobody who has agreed beforehand, and records just that", async () => {
  const entries: RecordEntry[] = [];
  const audit = (entry: RecordEntry) => {
    entries.push(entry);
    return Promise.resolve();
  };
  const { tool } = makeDestroyer();
  const done = await callWith([tool], { tool: "lose_all", isPreapproved: true }, { audit });
  assertEquals(done.isError, false);
  assertEquals(entries.map(({ event }) => event), ["begun", "ended"]);
  assertEquals(entries[0]?.consent?.answer, "preapproved");
  assertEquals(entries[0]?.consent?.question?.length, "Lose it all?".length);
});

Deno.test("callByHand() tells the tool when the user cancels, and what it left open that it is over", async () => {
  const stop = new AbortController();
  let ended: AbortSignal | undefined;
  const tool = makeTool({
    run: (_args, { signal, conversation }) => {
      ended = conversation.ended;
      assertEquals(ended.aborted, false);
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => reject(signal.reason));
      stop.abort();
      return promise;
    },
  });
  const { isError, text } = await callWith([tool], { signal: stop.signal });
  assertEquals(isError, true);
  assertStringIncludes(text, "ancel");
  assertEquals(ended?.aborted, true);
});

Deno.test("callByHand() hides no bug of its own", async () => {
  const entry = { ...entryOf(makeTool(), "tests"), load: () => Promise.reject(new TypeError("x")) };
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: secret });
  await assertRejects(
    () =>
      callByHand({
        client,
        log: silent,
        tools: { on: [entry], off: new Map(), readOnly: false },
      }, {
        tool: "say_word",
        input: {},
        caller: {},
        signal: new AbortController().signal,
        ask: () => Promise.resolve(true),
        isPreapproved: false,
        report: () => {},
      }),
    TypeError,
  );
});
