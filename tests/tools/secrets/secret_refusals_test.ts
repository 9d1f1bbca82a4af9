import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { clientOf } from "../../client/connect.ts";
import { deleteSecret } from "../../../tools/secrets/delete_secret.ts";
import { getSecret } from "../../../tools/secrets/get_secret.ts";
import { setSecret } from "../../../tools/secrets/set_secret.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { API_KEY, daemonWith, key, username } from "./secret_fixture.ts";
import { writes } from "../../writes.ts";

Deno.test("get_secret, set_secret and delete_secret do no more than what was agreed to", async (t) => {
  const cases = {
    get: (client: Client, change: Change) =>
      changedBetween(getSecret, API_KEY, contextOf(client), change),
    set: (client: Client, change: Change) =>
      changedBetween(setSecret, { ...key, value: "mine-value" }, contextOf(client), change),
    delete: (client: Client, change: Change) =>
      changedBetween(deleteSecret, API_KEY, contextOf(client), change),
  };
  for (const [name, call] of Object.entries(cases)) {
    await t.step(`${name}: another value`, async () => {
      await using daemon = await daemonWith({ secrets: [key] });
      using client = await clientOf(daemon);
      using other = await clientOf(daemon);
      const change = () => other.secrets.set(username, "API_KEY", "their-value");
      const { question, refusal } = await call(client, change);
      assert(question !== undefined);
      assertEquals(refusal?.reason, "changed_since_agreed");
      assertEquals((await other.secrets.get(username, "API_KEY")).value, "their-value");
    });
  }
  await t.step("set: a secret where there was none", async () => {
    await using daemon = await daemonWith();
    using client = await clientOf(daemon);
    using other = await clientOf(daemon);
    const { refusal } = await cases.set(
      client,
      () => other.secrets.set(username, "API_KEY", "their-value"),
    );
    assertEquals(refusal?.reason, "changed_since_agreed");
  });
  await t.step("get: a secret where there was none, of which nobody was asked", async () => {
    await using daemon = await daemonWith();
    using client = await clientOf(daemon);
    using other = await clientOf(daemon);
    const change = () => other.secrets.set(username, "API_KEY", "their-value");
    const { question, answer, refusal } = await cases.get(client, change);
    assertEquals(question, undefined);
    assertEquals([answer, refusal?.reason], [undefined, "changed_since_agreed"]);
  });
  await t.step("set: a kept secret, in a container where there was none", async () => {
    await using daemon = await daemonWith({ containers: [], secrets: [key] });
    using client = await clientOf(daemon);
    const { question, refusal } = await cases.set(client, () => daemon.replace({ username }));
    assertEquals(question, undefined);
    assertEquals(refusal?.reason, "changed_since_agreed");
    assertEquals(writes(daemon), []);
  });
  await t.step("set: another container of the same name", async () => {
    await using daemon = await daemonWith({
      containers: [{ username, createdAt: new Date("2026-01-01T00:00:00Z") }],
      secrets: [key],
    });
    using client = await clientOf(daemon);
    const { refusal } = await cases.set(client, () => daemon.replace({ username }));
    assertEquals(refusal?.reason, "changed_since_agreed");
    assertEquals(writes(daemon), []);
  });
  await t.step("as agreed", async () => {
    await using daemon = await daemonWith({ secrets: [key] });
    using client = await clientOf(daemon);
    for (const call of [cases.get, cases.set, cases.delete]) {
      assertEquals((await call(client, () => {})).refusal, undefined);
    }
  });
});

type Client = Awaited<ReturnType<typeof clientOf>>;
type Change = () => unknown;

Deno.test("the tools for secrets have one clear answer where the daemon has no store", async (t) => {
  await using daemon = await daemonWith({ appHosting: false });
  await using server = await connect(daemon);
  const calls = [
    ["list_secrets", { username }],
    ["get_secret", API_KEY],
    ["set_secret", key],
    ["delete_secret", API_KEY],
  ] as const;
  for (const [tool, args] of calls) {
    await t.step(tool, async () => {
      const { text, code, reason } = await server.call(tool, args);
      assertEquals([code, reason], ["failed_precondition", "no_secrets_store"]);
      assertStringIncludes(text, "This daemon has no store for secrets");
      assertStringIncludes(text, "before the host's operator has turned app hosting on");
    });
  }
  assertEquals(writes(daemon), []);
});

Deno.test("the tools for secrets need the scopes of secrets", async () => {
  await using daemon = await daemonWith({ secrets: [key] });
  const token = await daemon.token({ scopes: ["containers:read", "secrets:read"] });
  await using server = await connect({ url: daemon.url, token });
  assertEquals((await server.call("list_secrets", { username })).isError, false);
  const { isError, text } = await server.call("set_secret", key);
  assertEquals(isError, true);
  assertStringIncludes(text, "secrets:write");
});
