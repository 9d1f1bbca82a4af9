import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { updateContainer } from "../../../tools/containers/update_container.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { contextOf } from "../context.ts";

Deno.test("update_container sets labels, protection and auto-sleep, each read back", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev", old: "x" } }],
  });
  await using server = await connect(daemon);
  const answer = await server.call("update_container", {
    username: "alice",
    labels: { tier: "gold" },
    remove_labels: ["old"],
    protected: true,
    auto_sleep_minutes: 30,
  });
  const { changes, container } = updateContainer.output.parse(answer.structuredContent);
  assertEquals(changes, [
    { setting: "labels", before: "old=x team=dev", after: "team=dev tier=gold" },
    { setting: "protected", before: "no", after: "yes" },
    { setting: "auto_sleep", before: "off", after: "30 minutes" },
  ]);
  assertEquals([container.protected, container.auto_sleep_minutes], [true, 30]);
  assertStringIncludes(answer.text, "protected: no → yes");
});

Deno.test("update_container sets and clears a time to live", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const set = await server.call("update_container", { username: "alice", ttl: "8h" });
  const { container } = updateContainer.output.parse(set.structuredContent);
  const hours = (Date.parse(container.ttl_expires_at ?? "") - Date.now()) / 3_600_000;
  assert(hours > 7.9 && hours <= 8.1, set.text);
  const cleared = await server.call("update_container", { username: "alice", ttl: "never" });
  assert(/^ttl: 20.*Z \(in 8 h\) → never$/.test(cleared.text), cleared.text);
});

Deno.test("update_container explains what stands in its way", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const refusal = async (args: Readonly<Record<string, unknown>>) => {
    const { isError, text } = await server.call("update_container", { username: "alice", ...args });
    assertEquals(isError, true, text);
    return text;
  };
  await t.step("nothing to change", async () => {
    assertStringIncludes(await refusal({}), "at least one setting");
  });
  await t.step("a label that cannot be addressed", async () => {
    assertStringIncludes(
      await refusal({ remove_labels: ["a/b"] }),
      "remove_labels.0: a key with /",
    );
    assertStringIncludes(await refusal({ labels: { "a/b": "x" } }), "labels: a key with /");
    for (const key of ["..", ".", "%2e%2E", "%252e.", "a%2fb"]) {
      assertStringIncludes(await refusal({ remove_labels: [key] }), "cannot be addressed");
      assertStringIncludes(await refusal({ labels: { [key]: "x" } }), "cannot be addressed");
    }
  });
  await t.step("a time to live of more than 7 days", async () => {
    assertStringIncludes(await refusal({ ttl: "8d" }), 'ttl: expected "never" or a duration');
  });
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
  await t.step("a later part that fails is told with what was set", async () => {
    const body = '{"code":503,"error":"rpc error: code = Unavailable desc = no"}';
    daemon.inject({ kind: "answer", status: 503, body, path: /delete-policy$/ });
    const text = await refusal({ labels: { a: "b" }, ttl: "1h", protected: true });
    assertStringIncludes(text, "Set before that: labels, ttl");
  });
  await t.step("an answer of success that is not true", async () => {
    daemon.inject({ kind: "answer", status: 200, body: "{}", path: /auto-sleep$/ });
    assertStringIncludes(await refusal({ auto_sleep_minutes: 5 }), "reads otherwise: auto_sleep");
  });
});

Deno.test("update_container asks before protection goes or an end comes nearer", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", protected: true, ttlSeconds: 3600 }, { username: "bob" }],
  });
  using client = await clientOf(daemon);
  const context = contextOf(client);
  const question = async (username: string, args: { protected?: boolean; ttl?: string }) =>
    (await updateContainer.consent?.({ username, ...args }, context))?.question?.message;
  const cases: readonly (readonly [string, { protected?: boolean; ttl?: string }, string?])[] = [
    ["alice", { protected: false }, "alice-container: lift its protection from deletion?"],
    ["alice", { ttl: "30m" }, "alice-container: have it deleted in 30m, with its disk?"],
    ["alice", { ttl: "2h" }],
    ["alice", { ttl: "never" }],
    ["alice", { protected: true }],
    ["bob", { ttl: "2h" }, "bob-container: have it deleted in 2h, with its disk?"],
    ["bob", { protected: false }],
  ];
  for (const [username, args, expected] of cases) {
    await t.step(`${username} ${JSON.stringify(args)}`, async () => {
      assertEquals(await question(username, args), expected);
    });
  }
});
