import { assert, assertEquals, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { tools } from "../../../mod.ts";
import { resolveAll, specs } from "../../../tools/bulk/specs.ts";
import { withoutPolicy } from "../../../tools/mod.ts";
import { z } from "zod";

const fields = z.object({
  properties: z.record(z.string(), z.object({ description: z.string().optional() })),
});
const listed = fields.extend({
  properties: z.looseObject({ containers: z.object({ items: fields }) }),
});

Deno.test("create_containers states the units and defaults of its limits, which it uses", async () => {
  const tool = tools.find(({ name }) => name === "create_containers");
  const all = fields.parse(tool?.inputSchema).properties;
  const each = listed.parse(tool?.inputSchema).properties.containers.items.properties;
  const [creation] = resolveAll({ usernames: ["alice"] }, await withoutPolicy());
  assert(creation?.make.kind === "container");
  const { cpu, memory, disk } = creation.make.options;
  assertEquals([cpu, memory, disk], ["4", "4GB", "50GB"]);
  for (const described of [all, each]) {
    for (const [field, value] of Object.entries({ cpu, memory, disk })) {
      assert(described[field]?.description?.includes(`default ${value}`), field);
    }
  }
});

Deno.test("create_containers describes each setting, of all containers and of each", () => {
  const tool = tools.find(({ name }) => name === "create_containers");
  const all = fields.parse(tool?.inputSchema).properties;
  const each = listed.parse(tool?.inputSchema).properties.containers.items.properties;
  for (const described of [all, each]) {
    const bare = Object.keys(described).filter((name) =>
      !/\w/.test(described[name]?.description ?? "")
    );
    assertEquals(bare, []);
  }
});

Deno.test("resolveAll() reports every mistake of every container, and takes one list of them", async () => {
  const policy = await withoutPolicy();
  const refusal = (args: Parameters<typeof resolveAll>[0]) => {
    const { code, message } = assertThrows(() => resolveAll(args, policy), ContainariumError);
    assertEquals(code, "invalid_argument");
    return message;
  };
  const either = "Pass either usernames or containers";
  assertEquals(refusal({}), either);
  assertEquals(refusal({ usernames: ["a"], containers: [{ username: "b" }] }), either);
  const messages = refusal({
    containers: [
      { username: "a", template: "none" },
      { username: "b" },
      { username: "c", template: "nothing" },
    ],
  });
  assert(/^a: .*none.*; c: .*nothing.*\. Nothing was sent$/.test(messages), messages);
});

Deno.test("create_containers places each mistake where it was made", () => {
  const placesOf = (args: unknown) =>
    z.strictObject(specs).safeParse(args).error?.issues.map(({ path, message }) =>
      `${path.join(".")}: ${message}`
    );
  assertEquals(placesOf({ containers: [{ username: "a" }, { username: "b" }] }), undefined);
  assertEquals(placesOf({ containers: [] }), ["containers: expected 1 to 100 usernames"]);
  assertEquals(
    placesOf({ containers: [{ username: "a" }, { username: "b" }, { username: "a" }] }),
    [
      "containers.2.username: a is named twice",
    ],
  );
  assertEquals(placesOf({ usernames: ["a", "a"] }), ["usernames.1: a is named twice"]);
  assertEquals(placesOf({ usernames: ["a"], template: "" }), ["template: expected a name"]);
  assertEquals(placesOf({ containers: [{ username: "a", template: "" }] }), [
    "containers.0.template: expected a name",
  ]);
});

Deno.test("create_containers takes up to 32 keys for a container", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHk4Xn8mVt0cD1yq7p7bX3uXv4lqDk3p6rT9o5c0aBcD";
  const messagesOf = (count: number) =>
    z.strictObject(specs).safeParse({ usernames: ["a"], ssh_keys: Array(count).fill(key) }).error
      ?.issues.map(({ message }) => message);
  assertEquals(messagesOf(32), undefined);
  assertEquals(messagesOf(33), ["at most 32 keys"]);
});
