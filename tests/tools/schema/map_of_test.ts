import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { mapOf } from "../../../tools/schema/map_of.ts";
import { parsePolicy } from "../../../tools/policy/mod.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { inheritedKeys } from "../../inherited_keys.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const map = (key: string, value: string) => Object.fromEntries([[key, value]]);

Deno.test("mapOf() keeps every key, and says what is wrong with which", () => {
  const schema = z.strictObject({ labels: mapOf(z.string().max(11), z.string().max(3)) });
  for (const key of ["__proto__", "constructor", "a"]) {
    assertEquals(Object.entries(schema.parse({ labels: map(key, "x") }).labels), [[key, "x"]]);
    const { error } = schema.safeParse({ labels: map(key, "long") });
    assertEquals(error?.issues.map(({ path }) => path), [["labels", key]]);
  }
  for (const labels of [[], "x", null, 1]) {
    assertEquals(
      schema.safeParse({ labels }).error?.issues[0]?.message,
      'expected an object, such as {"team":"dev"}',
    );
  }
  assertEquals(schema.safeParse({ labels: map("a".repeat(12), "x") }).success, false);
});

Deno.test("mapOf() is listed as any map", () => {
  const { properties } = z.toJSONSchema(z.strictObject({ a: mapOf(z.string(), z.string()) }), {
    unrepresentable: "any",
  });
  assertEquals(properties, {
    a: {
      type: "object",
      propertyNames: { type: "string" },
      additionalProperties: { type: "string" },
    },
  });
});

Deno.test("a label named like a property of every object is a label like any other", async (t) => {
  for (const key of inheritedKeys) {
    await t.step(key, async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice", labels: map(key, "x") }, { username: "bob" }],
      });
      await using server = await connect(daemon);
      const call = async (tool: string, args: Readonly<Record<string, unknown>>) => {
        const { isError, text } = await server.call(tool, args);
        assertEquals(isError, false, text);
        return text;
      };
      assertStringIncludes(await call("get_container", { username: "alice" }), `${key}=x`);
      const listed = await call("list_containers", { labels: map(key, "x") });
      assert(listed.includes("alice") && !listed.includes("bob"), listed);
      const planned = await call("delete_containers", { labels: map(key, "x"), dry_run: true });
      assert(planned.includes("alice") && !planned.includes("bob"), planned);
      await call("update_container", { username: "bob", labels: map(key, "y") });
      assertStringIncludes(await call("get_container", { username: "bob" }), `${key}=y`);
      await call("update_container", { username: "bob", remove_labels: [key] });
      assert(!(await call("get_container", { username: "bob" })).includes(key));
      await call("create_container", { username: "carol", labels: map(key, "z") });
      assertStringIncludes(await call("get_container", { username: "carol" }), `${key}=z`);
    });
  }
});

Deno.test("a quota counts a team named like a property of every object", async (t) => {
  for (const key of inheritedKeys) {
    await t.step(`the label ${key}`, async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice", labels: map(key, "dev") }],
      });
      await using host = await connectWithPolicy(daemon, {
        quotas: { team_label: key, teams: { dev: { containers: 1 } } },
      });
      const args = { username: "bob", labels: map(key, "dev") };
      const { text } = await host.session.call("create_container", args);
      assertStringIncludes(text, "team dev: containers 1 of 1");
      const none = await host.session.call("create_container", { username: "bob" });
      assertStringIncludes(none.text, "belong to none");
    });
    await t.step(`the team ${key}`, async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice", labels: { team: key } }],
      });
      for (const name of [key, "*"]) {
        await using host = await connectWithPolicy(daemon, {
          quotas: { teams: Object.fromEntries([[name, { containers: 1 }]]) },
        });
        const args = { username: "bob", labels: { team: key } };
        const { text } = await host.session.call("create_container", args);
        assertStringIncludes(text, `team ${key}: containers 1 of 1`);
      }
    });
  }
});

Deno.test("a policy's templates keep keys named like properties of every object", async () => {
  for (const key of inheritedKeys) {
    const { templates } = await parsePolicy(JSON.stringify({
      templates: {
        web: { labels: map(key, "x"), stack: "nodejs", stack_parameters: map(key, "y") },
        mine: { extends: "web" },
      },
    }));
    const fields = templates.get("mine")?.fields;
    assertEquals(Object.entries(fields?.labels ?? {}), [[key, "x"]]);
    assertEquals(Object.entries(fields?.stack_parameters ?? {}), [[key, "y"]]);
    const error = await parsePolicy(`{"templates":{"web":{"extends":"${key}"}}}`)
      .catch(({ message }: Error) => message);
    assert(typeof error === "string" && /extends/.test(error), key);
  }
});
