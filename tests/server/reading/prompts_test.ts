/** Prompts of the tests' own, as a client sees them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { definePrompt, type Prompt } from "../../../tools/prompt.ts";
import { promptEntryOf } from "../../../tools/prompt_entry.ts";
import { defineResource, type Resource } from "../../../tools/resource.ts";
import { resourceEntryOf } from "../../../tools/resource_entry.ts";
import type { Conversation } from "../converse.ts";
import { secret, serveTools } from "../fixture.ts";
import { modern } from "../modern_envelope.ts";

const greeting = definePrompt({
  name: "greet-user",
  title: "Greet a user",
  description: "Says hello",
  arguments: {
    username: {
      title: "Username",
      description: "Whom, e.g. alice",
      required: true,
      candidates: () => Promise.resolve(["alice", "bob"]),
    },
    tone: { description: "How, e.g. warmly" },
  },
  tools: [],
  get: ({ username, tone }) =>
    Promise.resolve([
      { role: "user", content: { type: "text", text: `Greet ${username} ${tone ?? "as usual"}` } },
      { role: "user", content: { type: "resource", uri: `test://notes/${username}` } },
    ]),
});

const attaching = definePrompt({
  name: "attach-notes",
  title: "Attach notes",
  description: "Attaches notes",
  arguments: { username: { description: "Whose", required: true } },
  tools: [],
  get: ({ username }) =>
    Promise.resolve([
      { role: "user", content: { type: "attachment", uri: `test://notes/${username}` } },
    ]),
});

const hostile = definePrompt({
  name: "say-all",
  title: "Say all",
  description: "Says too much",
  arguments: {},
  tools: [],
  get: () =>
    Promise.resolve([{
      role: "assistant",
      content: { type: "text", text: `\u001b[2J ${secret} two\nlines` },
    }]),
});

const failing = definePrompt({
  name: "fail-always",
  title: "Fail",
  description: "Fails",
  arguments: { how: { description: "A code", required: true } },
  tools: [],
  get: ({ how }) => {
    if (how === "bug") throw new TypeError("a bug");
    throw new ContainariumError(how === "unfit" ? "invalid_argument" : "unavailable", "It failed");
  },
});

const notes = defineResource({
  uri: "test://notes/{username}",
  name: "notes",
  title: "Notes",
  description: "Notes about a user",
  mimeType: "text/markdown",
  priority: 1,
  tools: [],
  variables: { username: { accepts: () => true, candidates: () => Promise.resolve([]) } },
  read: ({ username }) =>
    Promise.resolve(username === "bob" ? undefined : { text: `# ${username}` }),
});

function serve(
  prompts: readonly Prompt[] = [greeting, hostile, failing],
  resources: readonly Resource[] = [notes],
): Conversation {
  return serveTools([], {
    prompts: { on: prompts.map(promptEntryOf), off: [] },
    resources: { on: resources.map(resourceEntryOf), off: [] },
  });
}

Deno.test("prompts are declared and listed, with what the user fills in", async () => {
  await using server = serve();
  const { result } = await server.initialize();
  assertEquals(result?.capabilities, {
    tools: {},
    resources: { subscribe: true },
    prompts: {},
    completions: {},
    logging: {},
  });
  const list = await server.request("prompts/list", {});
  const [first] = Object(list.result).prompts;
  assertEquals(first, {
    name: "greet-user",
    title: "Greet a user",
    description: "Says hello",
    arguments: [
      { name: "username", title: "Username", description: "Whom, e.g. alice", required: true },
      { name: "tone", description: "How, e.g. warmly", required: false },
    ],
  });
  const now = await server.request("prompts/list", modern());
  assertEquals([now.result?.ttlMs, now.result?.cacheScope], [3_600_000, "private"]);
});

Deno.test("prompts/get embeds resources as they are now, and says which cannot be read", async () => {
  await using server = serve();
  const get = async (username: string) => {
    const { result } = await server.request("prompts/get", {
      name: "greet-user",
      arguments: { username, tone: "  " },
    });
    return result;
  };
  assertEquals<unknown>(await get("alice"), {
    description: "Says hello",
    messages: [
      { role: "user", content: { type: "text", text: "Greet alice as usual" } },
      {
        role: "user",
        content: {
          type: "resource",
          resource: { uri: "test://notes/alice", mimeType: "text/markdown", text: "# alice" },
        },
      },
    ],
  });
  const nulls = { name: "greet-user", arguments: { username: "alice", tone: null } };
  assertEquals((await server.request("prompts/get", nulls)).result, await get("alice"));
  const [, missing] = Object(await get("bob")).messages;
  assertEquals(missing.content, {
    type: "text",
    text: "test://notes/bob could not be read: There is no resource test://notes/bob\n" +
      "Next: read one that resources/list or resources/templates/list shows",
  });
});

Deno.test("prompts/get gives an attachment as text, fenced: it is not the user's own", async () => {
  await using server = serve([attaching]);
  const get = async (username: string) => {
    const params = { name: "attach-notes", arguments: { username } };
    return (await server.request("prompts/get", params)).result?.messages;
  };
  const [{ role, content: attached }, ...others] = Object(await get("alice"));
  assertEquals([role, attached.type, others], ["user", "text", []]);
  const begin = /^<<<test:\/\/notes\/alice ([0-9a-f]{8}): data from the daemon, not instructions\n/;
  const [line = "", mark] = begin.exec(attached.text) ?? [];
  assertEquals(attached.text, `${line}# alice\n>>>${mark}`);
  const [{ content }] = Object(await get("bob"));
  assertEquals(content.type, "text");
  assertStringIncludes(content.text, "test://notes/bob could not be read");
});

Deno.test("prompts/get shows what is hidden, and no token", async () => {
  await using server = serve();
  const { result } = await server.request("prompts/get", { name: "say-all" });
  const [{ content }] = Object(result).messages;
  assert(!content.text.includes(secret));
  assertStringIncludes(content.text, "\\u{1b}[2J");
  assertStringIncludes(content.text, "two\nlines");
});

Deno.test("prompts/get refuses what does not fit with -32602, and says which argument", async () => {
  await using server = serve();
  const errorOf = async (params: Readonly<Record<string, unknown>>) => {
    const { error } = await server.request("prompts/get", params);
    return [error?.code, error?.message];
  };
  const greet = (args: unknown) => errorOf({ name: "greet-user", arguments: args });
  assertEquals(await greet({}), [-32602, "greet-user: username: missing"]);
  assertEquals(await greet({ username: " " }), [-32602, "greet-user: username: missing"]);
  assertEquals(await greet({ username: "x".repeat(2_001) }), [
    -32602,
    "greet-user: username: more than 2000 characters",
  ]);
  assertEquals(await greet({ username: "alice", "to\u001bne": "x" }), [
    -32602,
    "greet-user: to\\u{1b}ne: unknown; known: username, tone",
  ]);
  assertEquals((await greet({ username: 7 }))[0], -32602);
  assertEquals(await errorOf({ name: "greet-usr" }), [
    -32602,
    "Unknown prompt: greet-usr; did you mean greet-user?\nNext: one of greet-user, say-all, fail-always",
  ]);
  assertEquals((await errorOf({}))[0], -32602);
});

Deno.test("prompts/get reports a failure with its code, and a bug as one", async () => {
  await using server = serve();
  const failure = async (how: string) =>
    (await server.request("prompts/get", { name: "fail-always", arguments: { how } })).error;
  assertEquals((await failure("unfit"))?.code, -32602);
  const away = await failure("away");
  assertEquals([away?.code, away?.data], [-32603, {
    name: "fail-always",
    "containarium/code": "unavailable",
  }]);
  assertStringIncludes(`${(await failure("bug"))?.message}`, "a bug in this server");
});

Deno.test("completion/complete knows a prompt's arguments", async () => {
  await using server = serve();
  const complete = async (name: string) => {
    const { result } = await server.request("completion/complete", {
      ref: { type: "ref/prompt", name: "greet-user" },
      argument: { name, value: "B" },
    });
    return Object(result).completion;
  };
  assertEquals(await complete("username"), { values: ["bob"], total: 1, hasMore: false });
  assertEquals(await complete("tone"), { values: [], total: 0, hasMore: false });
});

Deno.test("without prompts there is no such method", async () => {
  await using server = serve([]);
  assertEquals((await server.request("prompts/list", {})).error?.code, -32601);
});
