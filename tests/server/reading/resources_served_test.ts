/** `resources/read` and the lists, of resources of the tests' own. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { defineResource, type Resource } from "../../../tools/resource.ts";
import { resourceEntryOf } from "../../../tools/resource_entry.ts";
import { secret, serveTools } from "../fixture.ts";

const thing = {
  name: "thing",
  title: "Thing",
  description: "A thing",
  mimeType: "text/plain",
  priority: 0.5,
  tools: [],
};

function resourceWith(parts: Partial<Resource> = {}): Resource {
  return defineResource({
    ...thing,
    uri: "test://thing",
    variables: {},
    read: () => Promise.resolve({ text: "text" }),
    ...parts,
  });
}

function serve(on: readonly Resource[], off: readonly Resource[] = [], pageSize?: number) {
  return serveTools([], {
    ...(pageSize === undefined ? {} : { pageSize }),
    resources: {
      on: on.map(resourceEntryOf),
      off: off.map((resource) => ({ entry: resourceEntryOf(resource), reason: "not wanted" })),
    },
  });
}

async function read(parts: Partial<Resource>) {
  await using server = serve([resourceWith(parts)]);
  const { result, error } = await server.request("resources/read", { uri: "test://thing" });
  const contents = Object(result).contents;
  return { contents: Array.isArray(contents) ? contents[0] : undefined, error };
}

Deno.test("resources/read passes on what a resource says of itself, and no token", async () => {
  const shown = await read({
    mimeType: "text/markdown",
    meta: { "x/kind": "note" },
    read: () => Promise.resolve({ text: `a ${secret}\u001b`, lastModified: new Date(0) }),
  });
  assertEquals(shown.contents, {
    uri: "test://thing",
    mimeType: "text/markdown",
    text: "a [token]\\u{1b}",
    _meta: { "x/kind": "note", "containarium/lastModified": "1970-01-01T00:00:00Z" },
  });
  const { contents } = await read({});
  assertEquals(contents, { uri: "test://thing", mimeType: "text/plain", text: "text" });
});

Deno.test("resources/read passes on 4,000,000 characters, and no more", async () => {
  const ofLength = (length: number) => ({
    read: () => Promise.resolve({ text: "x".repeat(length) }),
  });
  assertEquals((await read(ofLength(4_000_000))).contents.text.length, 4_000_000);
  const { error } = await read(ofLength(4_000_001));
  assertEquals(error, {
    code: -32603,
    message: "test://thing has 4000001 characters: too many to pass on",
    data: { uri: "test://thing" },
  });
});

Deno.test("resources/read fails with the code of what happened", async () => {
  const failing = (error: unknown) => ({ read: () => Promise.reject(error) });
  const rows = [["not_found", -32002], ["invalid_argument", -32602], ["conflict", -32603]] as const;
  for (const [code, expected] of rows) {
    const failure = new ContainariumError(code, "It failed", { reason: "protected" });
    const { error } = await read(failing(failure));
    assertEquals([error?.code, error?.data], [expected, {
      uri: "test://thing",
      "containarium/code": code,
      "containarium/reason": "protected",
    }]);
    assertStringIncludes(`${error?.message}`, "It failed");
  }
  const bug = await read(failing(new TypeError(`of ${secret}`)));
  assertEquals([bug.error?.code, bug.error?.message, bug.error?.data], [
    -32603,
    "test://thing failed because of a bug in this server: TypeError: of [token]",
    { uri: "test://thing" },
  ]);
  const missing = await read({ read: () => Promise.resolve(undefined) });
  assertEquals([missing.error?.code, missing.error?.data], [-32002, { uri: "test://thing" }]);
});

Deno.test("resources/read logs where a bug is, except of what the client has canceled", async () => {
  const logged: string[] = [];
  const began = Promise.withResolvers<void>();
  const failing = (path: string, error: unknown) =>
    resourceWith({ uri: `test://${path}`, read: () => Promise.reject(error) });
  const canceled = resourceWith({
    uri: "test://canceled",
    read: async (_values, { signal }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => resolve());
      began.resolve();
      await promise;
      throw new TypeError("of a canceled request");
    },
  });
  const on = [failing("bug", new TypeError("a bug")), failing("text", "a text"), canceled];
  await using server = serveTools(
    [],
    { resources: { on: on.map(resourceEntryOf), off: [] } },
    (level, line) => logged.push(`${level}: ${line}`),
  );
  await server.send({ id: 1, method: "resources/read", params: { uri: "test://canceled" } });
  await began.promise;
  await server.send({ method: "notifications/cancelled", params: { requestId: 1 } });
  for (const path of ["bug", "text"]) {
    const { error } = await server.request("resources/read", { uri: `test://${path}` });
    assertStringIncludes(`${error?.message}`, `test://${path} failed because of a bug in this`);
  }
  assertEquals(logged.length, 2, logged.join("\n"));
  const [bug = "", text] = logged;
  assertStringIncludes(bug, "error: test://bug: TypeError: a bug");
  assertStringIncludes(bug, "resources_served_test.ts");
  assertEquals(text, "error: test://text: a text");
});

Deno.test("resources/list names what can be listed, templates apart, page by page", async () => {
  const any = { accepts: () => true, candidates: () => Promise.resolve([]) };
  const on = [
    resourceWith({ size: 4 }),
    resourceWith({ uri: "test://hidden", isListed: false }),
    resourceWith({ uri: "test://other" }),
    resourceWith({ uri: "test://one/{a}", variables: { a: any }, size: 4 }),
    resourceWith({ uri: "test://two/{a}", variables: { a: any }, isListed: true }),
  ];
  await using server = serve(on, [], 1);
  const { result } = await server.request("resources/list", {});
  const { resources, nextCursor } = Object(result);
  assertEquals(resources, [{
    uri: "test://thing",
    name: "thing",
    title: "Thing",
    description: "A thing",
    mimeType: "text/plain",
    annotations: { priority: 0.5 },
    size: 4,
  }]);
  const next = Object((await server.request("resources/list", { cursor: nextCursor })).result);
  assertEquals([next.resources.length, next.resources[0].uri, next.nextCursor], [
    1,
    "test://other",
    undefined,
  ]);
  const first = Object((await server.request("resources/templates/list", {})).result);
  assertEquals(Object.keys(first.resourceTemplates[0]).includes("size"), false);
  assertEquals(first.resourceTemplates[0].uriTemplate, "test://one/{a}");
  const last = Object(
    (await server.request("resources/templates/list", { cursor: first.nextCursor })).result,
  );
  assertEquals(last.resourceTemplates[0].uriTemplate, "test://two/{a}");
  assertEquals(last.nextCursor, undefined);
  for (const method of ["resources/list", "resources/templates/list"]) {
    const { error } = await server.request(method, { cursor: 7 });
    assertEquals([error?.code, error?.message], [
      -32602,
      `${method}: expected params {cursor?: string}`,
    ]);
  }
});

Deno.test("resources/read names what is off with the reason, and what is missing with the nearest", async () => {
  await using server = serve([resourceWith()], [resourceWith({ uri: "test://off" })]);
  const failure = async (uri: unknown) => (await server.request("resources/read", { uri })).error;
  const off = await failure("test://off");
  assertEquals([off?.code, off?.message], [-32002, "test://off is off: not wanted"]);
  assertEquals(off?.data, { uri: "test://off" });
  const near = await failure("test://thin");
  assertEquals(
    near?.message,
    "There is no resource test://thin; did you mean test://thing?\n" +
      "Next: read one that resources/list or resources/templates/list shows",
  );
  const long = await failure(`test://${"x".repeat(300)}`);
  assertEquals(long?.data, { uri: `test://${"x".repeat(193)}` });
  const wrong = await failure(7);
  assertEquals([wrong?.code, wrong?.message], [
    -32602,
    "resources/read: expected params {uri: string}",
  ]);
  assert(near !== undefined);
});
