/** Which arguments of a prompt are refused, with which words. */
import { assertEquals } from "@std/assert";
import { definePrompt } from "../../../tools/prompt.ts";
import { promptEntryOf } from "../../../tools/prompt_entry.ts";
import { secret, serveTools } from "../fixture.ts";

const greeting = definePrompt({
  name: "greet-user",
  title: "Greet a user",
  description: "Says hello",
  arguments: {
    username: { description: "Whom", required: true },
    tone: { description: "How" },
  },
  tools: [],
  get: (values) =>
    Promise.resolve([
      { role: "user", content: { type: "text", text: `${JSON.stringify(values)} ${secret}` } },
    ]),
});
const other = { ...greeting, name: "other-prompt" };

Deno.test("prompts/get takes what is filled in, without the space around it", async () => {
  await using server = serveTools([], { prompts: { on: [promptEntryOf(greeting)], off: [] } });
  const rows: readonly (readonly [given: unknown, values: unknown])[] = [
    [{ username: " alice\n", tone: "  " }, { username: "alice" }],
    [{ username: "alice", tone: null }, { username: "alice" }],
    [{ username: "x".repeat(2_000) }, { username: "x".repeat(2_000) }],
  ];
  for (const [given, values] of rows) {
    const { result } = await server.request("prompts/get", {
      name: "greet-user",
      arguments: given,
    });
    assertEquals<unknown>(result, {
      description: "Says hello",
      messages: [{
        role: "user",
        content: { type: "text", text: `${JSON.stringify(values)} [token]` },
      }],
    });
  }
});

Deno.test("prompts/get names every argument that does not fit", async () => {
  await using server = serveTools([], {
    prompts: {
      on: [promptEntryOf(greeting), promptEntryOf(other)],
      off: [{ entry: promptEntryOf({ ...greeting, name: "off-prompt" }), reason: "not wanted" }],
    },
  });
  const known = "known: username, tone";
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`k${at}`, "x"]));
  const unknown = Array.from({ length: 10 }, (_, at) => `k${at}: unknown; ${known}`).join("; ");
  const expected = "prompts/get: expected params {name: string, arguments?: {…: string}}";
  const greet = (given?: unknown) => ({ name: "greet-user", arguments: given });
  const rows: readonly (readonly [params: Readonly<Record<string, unknown>>, message: string])[] = [
    [{}, expected],
    [{ name: 7 }, expected],
    [greet({ username: 7 }), expected],
    [greet("x"), expected],
    [greet(), "greet-user: username: missing"],
    [greet({ username: " " }), "greet-user: username: missing"],
    [
      greet({ username: "x".repeat(2_001), tone: "y" }),
      "greet-user: username: more than 2000 characters",
    ],
    [
      greet({ "to\u001b": "x", tone: "x".repeat(2_001) }),
      `greet-user: username: missing; to\\u{1b}: unknown; ${known}; tone: more than 2000 characters`,
    ],
    [greet({ username: "alice", ...many }), `greet-user: ${unknown}`],
    [
      greet({ username: "alice", ["x".repeat(101)]: "x".repeat(2_001) }),
      `greet-user: ${"x".repeat(100)}: unknown; ${known}`,
    ],
    [{ name: "off-prompt" }, "off-prompt is off: not wanted"],
    [
      { name: "greet-use" },
      "Unknown prompt: greet-use; did you mean greet-user?\nNext: one of greet-user, other-prompt",
    ],
    [
      { name: "x".repeat(101) },
      `Unknown prompt: ${"x".repeat(100)}\nNext: one of greet-user, other-prompt`,
    ],
  ];
  for (const [params, message] of rows) {
    const { error } = await server.request("prompts/get", params);
    assertEquals([error?.code, error?.message], [-32602, message]);
  }
});
