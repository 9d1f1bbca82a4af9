/** What the SDK does not do by itself. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Message } from "../session.ts";
import { makeTool, secret, serveTools } from "./fixture.ts";

function textOf({ result }: Message): string {
  const [block] = Array.isArray(result?.content) ? result.content : [];
  return block?.text ?? "";
}

Deno.test("tools/list returns pages, and accepts only its own cursors", async () => {
  const names = ["a_a", "b_b", "c_c", "d_d", "e_e"];
  await using conversation = serveTools(names.map((name) => makeTool({ name })), { pageSize: 2 });
  await conversation.initialize();
  const found: string[] = [];
  const cursors: unknown[] = [];
  let cursor: unknown;
  do {
    const { result = {} } = await conversation.request("tools/list", cursor ? { cursor } : {});
    assert(Array.isArray(result.tools));
    found.push(...result.tools.map(({ name }) => name));
    cursor = result.nextCursor;
    if (cursor !== undefined) cursors.push(cursor);
  } while (cursor !== undefined);
  assertEquals([found, cursors.length], [names, 2]);
  for (const cursor of ["", "0", "2", 7, `${cursors[0]}x`, crypto.randomUUID()]) {
    const { error } = await conversation.request("tools/list", { cursor });
    assertEquals(error?.code, -32602, String(cursor));
  }
});

Deno.test("a misspelled tool or argument is rejected with a did-you-mean", async () => {
  await using conversation = serveTools([makeTool()]);
  await conversation.initialize();
  const { error } = await conversation.request("tools/call", { name: "say_wrod" });
  assertEquals([error?.code, error?.message], [
    -32602,
    "Unknown tool: say_wrod; did you mean say_word?",
  ]);
  const answer = await conversation.request("tools/call", {
    name: "say_word",
    arguments: { wort: "x" },
  });
  assertStringIncludes(textOf(answer), "wort: unknown argument; did you mean word? known: word");
});

Deno.test("undeclared fields of a result are dropped at any depth, with a warning", async () => {
  const items = [{ n: 1, extra: 2 }, { n: 3 }];
  const tool = makeTool({ run: () => Promise.resolve({ word: "w", secret: "s", items }) });
  const logged: string[] = [];
  await using conversation = serveTools([tool], {}, (level, line) => {
    if (level === "warning") logged.push(line);
  });
  await conversation.initialize();
  const { result } = await conversation.request("tools/call", { name: "say_word" });
  assertEquals<unknown>(result?.structuredContent, { word: "w", items: [{ n: 1 }, { n: 3 }] });
  assertEquals(logged.length, 1);
  assert(/answered more than it declares: .*items\.0\.extra/.test(logged[0] ?? ""), logged[0]);
  assertEquals(items[0], { n: 1, extra: 2 }, "the tool's own object was changed");
});

Deno.test("missing fields of a result are reported as a bug, with the path", async () => {
  const tool = makeTool({ run: () => Promise.resolve({ word: "w", items: [{}] }) });
  await using conversation = serveTools([tool]);
  await conversation.initialize();
  const answer = await conversation.request("tools/call", { name: "say_word" });
  assertEquals(answer.result?.isError, true);
  assertEquals(answer.result?.structuredContent, undefined);
  assertStringIncludes(textOf(answer), "bug in this server");
  assertStringIncludes(textOf(answer), "items.0.n");
});

Deno.test("warnings and errors are sent to the client, redacted, at the level that it sets", async (t) => {
  const tool = makeTool({
    run: (_args, { log }) => {
      for (const level of ["debug", "info", "warning", "error"] as const) {
        log(level, `${level} with ${secret}`);
      }
      return Promise.resolve({ word: "w", items: [] });
    },
  });
  const cases: Readonly<Record<string, readonly string[]>> = {
    "": ["warning", "error"],
    debug: ["debug", "info", "warning", "error"],
    info: ["info", "warning", "error"],
    error: ["error"],
    emergency: [],
  };
  for (const [level, told] of Object.entries(cases)) {
    await t.step(level === "" ? "not set" : level, async () => {
      await using conversation = serveTools([tool]);
      await conversation.initialize();
      if (level !== "") {
        const { result } = await conversation.request("logging/setLevel", { level });
        assertEquals<unknown>(result, {});
      }
      await conversation.request("tools/call", { name: "say_word" });
      const notices = conversation.messages.filter(({ method }) =>
        method === "notifications/message"
      );
      assertEquals<unknown>(
        notices.map(({ params }) => params),
        told.map((level) => ({ level, logger: "containarium", data: `${level} with [token]` })),
      );
    });
  }
  await t.step("a level that there is not", async () => {
    await using conversation = serveTools([tool]);
    await conversation.initialize();
    for (const params of [{ level: "loud" }, { level: 3 }, {}]) {
      const { error } = await conversation.request("logging/setLevel", params);
      assertEquals(error?.code, -32602);
      assertStringIncludes(error?.message ?? "", "debug | info | notice");
    }
  });
});

Deno.test("log messages do not flood the client", async () => {
  const tool = makeTool({
    run: (_args, { log }) => {
      for (let n = 0; n < 500; n++) log("warning", `number ${n}`);
      return Promise.resolve({ word: "w", items: [] });
    },
  });
  await using conversation = serveTools([tool]);
  await conversation.initialize();
  await conversation.request("tools/call", { name: "say_word" });
  const told = conversation.messages.filter(({ method }) => method === "notifications/message");
  assertEquals(told.length, 20);
});

Deno.test("the token is removed from all output, in any encoding", async () => {
  const tool = makeTool({
    run: (_args, { log, progress }) => {
      log("warning", `w ${secret}`);
      progress(1, 2, `p ${secret}`);
      return Promise.resolve({ word: secret, items: [] });
    },
    render: ({ word }) => `said ${word}`,
  });
  const lines: string[] = [];
  const escaped = [...secret].map((letter) =>
    `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`
  );
  await using conversation = serveTools(
    [tool],
    { trace: true },
    (_level, line) => lines.push(line),
  );
  await conversation.initialize();
  await conversation.request("tools/call", {
    name: "say_word",
    arguments: { word: JSON.parse(`"${escaped.join("")}"`) },
    _meta: { progressToken: 1 },
  });
  await conversation.request(`tools/${secret}`, {});
  assert(!JSON.stringify(conversation.messages).includes(secret), "the token was sent");
  assert(!lines.some((line) => line.includes(secret)), "the token was logged");
});

Deno.test("a call that requests a task gets a plain result", async () => {
  await using conversation = serveTools([makeTool()]);
  await conversation.initialize();
  const answer = await conversation.request("tools/call", { name: "say_word", task: { ttl: 5 } });
  assertEquals(textOf(answer), "hello");
});

Deno.test("huge names are shortened in errors", async () => {
  await using conversation = serveTools([makeTool()]);
  await conversation.initialize();
  const huge = "x".repeat(1_000_000);
  const unknown = await conversation.request("tools/call", { name: huge });
  assert((unknown.error?.message.length ?? 0) < 300);
  const method = await conversation.request(huge, {});
  assert((method.error?.message.length ?? 0) < 300);
  const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, 1]));
  const answer = await conversation.request("tools/call", { name: "say_word", arguments: keys });
  assert(textOf(answer).length < 500, textOf(answer));
});
