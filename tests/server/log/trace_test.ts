import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { describeMessage, excerpt } from "../../../server/log/trace.ts";
import { entryOf } from "../../../tools/entry.ts";
import type { Tool } from "../../../tools/mod.ts";
import { makeTool, serveTools } from "../fixture.ts";

/** Text that must not be logged. */
const SECRET = "S3CR3T";

const tool = makeTool({
  input: z.strictObject({
    username: z.string().optional(),
    command: z.string().optional(),
    wait_for: z.string().optional(),
    keys: z.array(z.string()).optional(),
    parameters: z.record(z.string(), z.string()).optional(),
  }),
});
const tools = {
  on: [entryOf(tool, "tests")],
  off: new Map([["run_command", "not wanted"]]),
  readOnly: false,
};
const traced = (message: unknown) => describeMessage("in", message, tools);
const call = (name: unknown, args: unknown) =>
  traced({ jsonrpc: "2.0", id: 7, method: "tools/call", params: { name, arguments: args } });

Deno.test("describeMessage() names every method that this server has", () => {
  for (const method of ["skills/list", "skills/get", "resources/read", "prompts/get"]) {
    assertEquals(traced({ id: 1, method }), `→ ${method} 1`);
  }
});

Deno.test("describeMessage() names the tool, its arguments and how long they are", () => {
  assertEquals(
    call("say_word", {
      username: "alice",
      command: "0123456789",
      keys: ["a", "b"],
      parameters: {},
    }),
    "→ tools/call 7: say_word username=alice command=10 characters keys=2 items parameters=0 members",
  );
  assertEquals(
    traced({
      id: 0,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        clientInfo: { name: "claude-code", version: "1" },
        capabilities: { elicitation: {}, private: {} },
      },
    }),
    "→ initialize 0: 2025-11-25 claude-code, capabilities: elicitation=0 members and 1 unknown",
  );
  const capabilities = { elicitation: {}, private: {} };
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "claude-code", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  };
  assertEquals(
    traced({ id: 0, method: "server/discover", params: { _meta: meta } }),
    "→ server/discover 0: 2026-07-28 claude-code, capabilities: elicitation=0 members and 1 unknown",
  );
  const inputResponses = { consent: { action: "decline", content: SECRET }, other: SECRET };
  assertEquals(
    traced({
      id: 7,
      method: "tools/call",
      params: { name: "say_word", requestState: SECRET, inputResponses, _meta: meta },
    }),
    "→ tools/call 7: say_word, answered: decline ?",
  );
  const { on } = tools;
  assertEquals(
    describeMessage("out", { id: 7, result: { content: [{}], isError: true } }, {
      on,
      off: new Map(),
      readOnly: false,
    }),
    "← answer 7: content=1 items isError=boolean, failed",
  );
  assertEquals(traced({ id: 1, result: { action: "decline" } }), "→ answer 1: decline");
  assertEquals(traced({ id: 1, error: { code: -32602, message: "x" } }), "→ error 1: -32602");
  assertEquals(traced(undefined), "→ a line that is not JSON");
  assertEquals(
    traced({ method: "notifications/cancelled", params: { requestId: "a-1", reason: "x" } }),
    "→ notifications/cancelled a-1",
  );
});

Deno.test("describeMessage() writes out switches, numbers, words of the schema and sizes", () => {
  const parts = {
    memory: z.string(),
    force: z.boolean(),
    seconds: z.int(),
    os: z.enum(["debian", "ubuntu"]),
    text: z.string(),
  };
  const on = [entryOf(makeTool({ input: z.strictObject(parts) }), "tests")];
  const describe = (args: unknown) =>
    describeMessage(
      "in",
      { id: 7, method: "tools/call", params: { name: "say_word", arguments: args } },
      { ...tools, on },
    );
  assertEquals(
    describe({ memory: "512 MB", force: true, seconds: 5, os: "debian", text: "debian" }),
    "→ tools/call 7: say_word memory=512 MB force=true seconds=5 os=debian text=6 characters",
  );
  // What is typed into a terminal may be a number, and a misplaced secret a size.
  assertEquals(
    describe({ memory: SECRET, force: SECRET, seconds: SECRET, os: SECRET, text: 123456 }),
    "→ tools/call 7: say_word memory=6 characters force=6 characters seconds=6 characters " +
      "os=6 characters text=number",
  );
});

Deno.test("describeMessage() quotes nothing that may be typed, asked, printed or misspelled", async (t) => {
  const inherited = { ["__proto__"]: SECRET, [SECRET]: SECRET };
  const cases: Readonly<Record<string, unknown>> = {
    "an argument": {
      method: "tools/call",
      params: { name: "say_word", arguments: { command: SECRET } },
    },
    "what is waited for": {
      method: "tools/call",
      params: { name: "say_word", arguments: { wait_for: SECRET, keys: [SECRET] } },
    },
    "a map's key": {
      method: "tools/call",
      params: { name: "say_word", arguments: { parameters: { [SECRET]: SECRET } } },
    },
    "a misspelled argument": {
      method: "tools/call",
      params: { name: "say_word", arguments: { comand: SECRET, ...inherited } },
    },
    "a username that is none": {
      method: "tools/call",
      params: { name: "say_word", arguments: { username: `${SECRET} x` } },
    },
    "arguments as text": { method: "tools/call", params: { name: "say_word", arguments: SECRET } },
    "arguments as a list": {
      method: "tools/call",
      params: { name: "say_word", arguments: [SECRET] },
    },
    "another tool's arguments": {
      method: "tools/call",
      params: { name: "run_command", arguments: { command: SECRET } },
    },
    "an unknown tool": { method: "tools/call", params: { name: SECRET, arguments: {} } },
    "a name that is not text": { method: "tools/call", params: { name: { [SECRET]: SECRET } } },
    "params as text": { method: "tools/call", params: SECRET },
    "a method": { method: SECRET, params: { [SECRET]: SECRET } },
    "an invalid id": { id: { [SECRET]: 1 }, method: "ping" },
    "a question": { id: 1, method: "elicitation/create", params: { message: SECRET } },
    "an answer to a question": { id: 1, result: { action: SECRET, content: { [SECRET]: SECRET } } },
    "a result": {
      id: 1,
      result: { content: [{ text: SECRET }], structuredContent: { a: SECRET } },
    },
    "an error": { id: 1, error: { code: -1, message: SECRET, data: SECRET } },
    "progress": { method: "notifications/progress", params: { message: SECRET } },
    "no object": SECRET,
    "a list": [SECRET],
  };
  for (const [name, message] of Object.entries(cases)) {
    await t.step(name, () => {
      const line = traced(message);
      assert(!line.includes(SECRET), line);
      assert(line.length < 300, line);
    });
  }
});

Deno.test("a call with arguments nested 100,000 deep is refused, and the next is served", async () => {
  for (const trace of [true, false]) {
    const lines: string[] = [];
    await using conversation = serveTools([tool], { trace }, (_level, line) => lines.push(line));
    await conversation.initialize();
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const params = `{"name":"say_word","arguments":{"command":${deep}}}`;
    await conversation.sendLine(
      `{"jsonrpc":"2.0","id":"deep","method":"tools/call","params":${params}}`,
    );
    const { error } = await conversation.next(({ id }) => id === "deep");
    assertStringIncludes(error?.message ?? "", "Nested more than 100 deep");
    assertEquals((await conversation.request("ping", {})).result, {});
  }
});

Deno.test("text that is not JSON is refused without quoting it", async () => {
  await using conversation = serveTools([tool]);
  await conversation.sendLine(`{"command":"${SECRET}`);
  const { error } = await conversation.next(({ error }) => error !== undefined);
  assertEquals(error, { code: -32700, message: "Parse error: the line is not JSON" });
});

Deno.test("the debug log of a question quotes neither it nor the answer", async () => {
  const asking: Tool = makeTool({
    effect: "destroy",
    consent: () => Promise.resolve({ question: { message: `Run ${SECRET}?`, confirm: SECRET } }),
  });
  const lines: string[] = [];
  await using conversation = serveTools(
    [asking],
    { trace: true },
    (_level, line) => lines.push(line),
  );
  await conversation.initialize({ elicitation: { form: {} } });
  const called = conversation.request("tools/call", { name: "say_word", arguments: {} });
  const question = await conversation.next(({ method }) => method === "elicitation/create");
  assertStringIncludes(JSON.stringify(question), SECRET);
  const result = { action: "accept", content: { confirm: true, note: SECRET } };
  await conversation.send({ id: question.id, result });
  await called;
  assert(lines.some((line) => line.startsWith("← elicitation/create")), lines.join("\n"));
  assertEquals(lines.filter((line) => line.includes(SECRET)), []);
});

Deno.test("describeMessage() counts what it does not name, and says what the user answered", () => {
  const rows: readonly (readonly [message: unknown, line: string])[] = [
    [null, "→ no message: null"],
    ["text", "→ no message: 4 characters"],
    [[1, 2], "→ no message: 2 items"],
    [7, "→ no message: number"],
    [{}, "→ answer"],
    [{ id: 3 }, "→ answer 3"],
    [{ id: 3, result: 7 }, "→ answer 3"],
    [{ id: 3, result: {} }, "→ answer 3: "],
    [{ id: 3, error: 7 }, "→ answer 3"],
    [{ error: { code: SECRET.repeat(20) } }, "→ error: <120 characters>"],
    [{ id: 3, result: { action: "accept", content: {} } }, "→ answer 3: accept"],
    [{ id: 3, result: { action: "cancel" } }, "→ answer 3: cancel"],
    [{ id: 3, result: { action: SECRET } }, "→ answer 3: action=6 characters"],
    [{ id: 3, result: { isError: "true" } }, "→ answer 3: isError=4 characters"],
    [
      { id: 3, result: { total: 1, private: 2, other: 3 } },
      "→ answer 3: total=number and 2 unknown",
    ],
    [{ method: "ping" }, "→ ping"],
    [{ method: "ping", id: 3, params: [] }, "→ ping 3: 0 items"],
    [{ method: "ping", id: 3, params: {} }, "→ ping 3: "],
    [{ method: 7, id: 3 }, "→ <number> 3"],
    [{ method: SECRET, id: SECRET.repeat(9) }, "→ <6 characters> <54 characters>"],
    [
      { method: "resources/read", params: { uri: SECRET, x: 1 } },
      "→ resources/read: uri=6 characters and 1 unknown",
    ],
    [{ method: "tools/call", params: {} }, "→ tools/call: an unknown tool"],
    [{ method: "tools/call", params: { name: "say_word" } }, "→ tools/call: say_word"],
    [
      { method: "tools/call", params: { name: "run_command", arguments: { command: SECRET } } },
      "→ tools/call: run_command (off) and 1 unknown",
    ],
    [
      { method: "tools/call", params: { name: "say_word", arguments: { wrong: 1, worse: 2 } } },
      "→ tools/call: say_word and 2 unknown",
    ],
    [
      { method: "tools/call", params: { name: "say_word", arguments: { username: "two words" } } },
      "→ tools/call: say_word username=<9 characters>",
    ],
    [
      { method: "tools/call", params: { name: "say_word", arguments: { username: null } } },
      "→ tools/call: say_word username=<null>",
    ],
    [
      { method: "tools/call", params: { name: "say_word", arguments: ["x"] } },
      "→ tools/call: say_word, arguments: 1 items",
    ],
    ...["accept", "decline", "cancel"].map((action) =>
      [
        { method: "tools/call", params: { name: "say_word", inputResponses: { a: { action } } } },
        `→ tools/call: say_word, answered: ${action}`,
      ] as const
    ),
    [
      {
        method: "tools/call",
        params: { name: "say_word", inputResponses: { a: null, b: {}, c: { action: 7 }, d: 4 } },
      },
      "→ tools/call: say_word, answered: ? ? ?",
    ],
    [
      { method: "tools/call", params: { name: "say_word", inputResponses: SECRET } },
      "→ tools/call: say_word",
    ],
    [
      { method: "initialize", params: {} },
      "→ initialize: <undefined> a client, capabilities: none",
    ],
    [
      { method: "initialize", params: { protocolVersion: 7, clientInfo: {}, capabilities: {} } },
      "→ initialize: 7 <undefined>, capabilities: ",
    ],
    [{ method: "server/discover", params: {} }, "→ server/discover"],
    [
      { method: "server/discover", params: { _meta: {} } },
      "→ server/discover: <undefined> a client, capabilities: none",
    ],
    [{ method: "notifications/cancelled", params: {} }, "→ notifications/cancelled <undefined>"],
  ];
  for (const [message, line] of rows) assertEquals(traced(message), line);
  assertEquals(describeMessage("out", { id: 1, result: {} }, tools), "← answer 1: ");
});

Deno.test("excerpt() cuts a long text after what is secret was taken out of it", () => {
  const redact = (text: string) => text.replaceAll(SECRET, "[token]");
  assertEquals(excerpt(SECRET, redact), "[token]");
  const whole = "x".repeat(4_000);
  assertEquals(excerpt(whole, redact), whole);
  assertEquals(excerpt(`${whole}y`, redact), `${whole}… (4001 characters)`);
  const onEdge = "x".repeat(3_997) + SECRET + "y".repeat(9_000);
  assertEquals(excerpt(onEdge, redact), `${"x".repeat(3_997)}[to… (13003 characters)`);
});
