import { assert, assertEquals, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { tools } from "../../../mod.ts";
import { resolveAll } from "../../../tools/bulk/specs.ts";
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
  const refusal = (args: Parameters<typeof resolveAll>[0]) =>
    assertThrows(() => resolveAll(args, policy), ContainariumError).message;
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
