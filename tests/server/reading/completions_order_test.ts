/** `completion/complete` of candidates of the tests' own. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { definePrompt } from "../../../tools/prompt.ts";
import { promptEntryOf } from "../../../tools/prompt_entry.ts";
import { defineResource } from "../../../tools/resource.ts";
import { resourceEntryOf } from "../../../tools/resource_entry.ts";
import { serveTools } from "../fixture.ts";

/** Completes a variable with these candidates. */
async function complete(
  candidates: () => Promise<readonly string[]>,
  value: string,
  { uri = "test://notes/{username}", name = "username" } = {},
) {
  const notes = defineResource({
    uri: "test://notes/{username}",
    name: "notes",
    title: "Notes",
    description: "Notes about a user",
    mimeType: "text/plain",
    priority: 1,
    tools: [],
    variables: { username: { accepts: () => true, candidates } },
    read: () => Promise.resolve({ text: "" }),
  });
  const greeting = definePrompt({
    name: "greet-user",
    title: "Greet a user",
    description: "Says hello",
    arguments: { username: { description: "Whom", candidates } },
    tools: [],
    get: () => Promise.resolve([]),
  });
  await using server = serveTools([], {
    resources: { on: [resourceEntryOf(notes)], off: [] },
    prompts: { on: [promptEntryOf(greeting)], off: [] },
  });
  const ref = uri === ""
    ? { type: "ref/prompt", name: "greet-user" }
    : { type: "ref/resource", uri };
  const { result, error } = await server.request("completion/complete", {
    ref,
    argument: { name, value },
  });
  return { completion: Object(result).completion, error };
}

Deno.test("completion/complete orders by where the typed text is, each value once", async () => {
  const names = ["tabea", "Bea", "abe", "bea", "bert", "abe", "hi\u001b[2Jbe", "xyz"];
  const { completion } = await complete(() => Promise.resolve(names), "bE");
  assertEquals(completion, {
    values: ["Bea", "bea", "bert", "tabea", "abe"],
    total: 5,
    hasMore: false,
  });
});

Deno.test("completion/complete has 100 values at most, and says how many there are", async () => {
  const names = (count: number) => () =>
    Promise.resolve(Array.from({ length: count }, (_, at) => `u${at}`));
  const rows = [[99, 99, false], [100, 100, false], [101, 100, true]] as const;
  for (const [count, length, hasMore] of rows) {
    const { completion } = await complete(names(count), "");
    assertEquals(
      [completion.values.length, completion.total, completion.hasMore],
      [length, count, hasMore],
    );
  }
});

Deno.test("completion/complete takes a URI that fits a template for the template", async () => {
  const names = () => Promise.resolve(["alice"]);
  const { completion } = await complete(names, "", { uri: "test://notes/bob" });
  assertEquals(completion.values, ["alice"]);
});

Deno.test("completion/complete names what there is not, and why candidates cannot be read", async () => {
  const none = () => Promise.resolve([]);
  const rows: readonly (readonly [options: { uri?: string; name?: string }, message: string])[] = [
    [{ name: "x\u001b" }, "test://notes/{username} has nothing called x\\u{1b}"],
    [{ name: "x".repeat(101) }, `has nothing called ${"x".repeat(100)}`],
    [{ uri: "", name: "toString" }, "greet-user has nothing called toString"],
    [{ uri: "test://note" }, "There is no resource test://note"],
  ];
  for (const [options, message] of rows) {
    const { error } = await complete(none, "", options);
    assertEquals(error?.code, -32602);
    assertStringIncludes(`${error?.message}`, message);
  }
  const away = () => Promise.reject(new ContainariumError("unavailable", "It is away"));
  for (const uri of ["", "test://notes/{username}"]) {
    const { error } = await complete(away, "", { uri });
    assertEquals([error?.code, error?.data], [-32603, { "containarium/code": "unavailable" }]);
    assertStringIncludes(`${error?.message}`, "It is away");
  }
});

Deno.test("completion/complete reports a resource that cannot be loaded as a failure of its own", async () => {
  const entry = resourceEntryOf(defineResource({
    uri: "test://notes/{username}",
    name: "notes",
    title: "Notes",
    description: "Notes about a user",
    mimeType: "text/plain",
    priority: 1,
    tools: [],
    variables: { username: { accepts: () => true, candidates: () => Promise.resolve([]) } },
    read: () => Promise.resolve({ text: "" }),
  }));
  const broken = { ...entry, load: () => Promise.reject(new TypeError("a bug")) };
  await using server = serveTools([], { resources: { on: [broken], off: [] } });
  const { error } = await server.request("completion/complete", {
    ref: { type: "ref/resource", uri: "test://notes/{username}" },
    argument: { name: "username", value: "" },
  });
  assertEquals(error?.code, -32603);
});
