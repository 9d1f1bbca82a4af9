import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { updateContainer } from "../../../tools/containers/update_container.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
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

Deno.test("update_container explains each refusal", async (t) => {
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
  await t.step("a later part that fails is reported with what was set", async () => {
    const body = '{"code":503,"error":"rpc error: code = Unavailable desc = no"}';
    daemon.inject({ kind: "answer", status: 503, body, path: /delete-policy$/ });
    const text = await refusal({ labels: { a: "b" }, ttl: "1h", protected: true });
    assertStringIncludes(text, "Set before that: labels, ttl");
  });
  await t.step("an answer of success that is not true", async () => {
    daemon.inject({ kind: "answer", status: 200, body: "{}", path: /auto-sleep$/ });
    assertStringIncludes(await refusal({ auto_sleep_minutes: 5 }), "reports otherwise: auto_sleep");
  });
});

Deno.test("update_container asks before it removes protection or shortens a time to live", async (t) => {
  await using daemon = await startDaemon({
    containers: [
      { username: "alice", protected: true, ttlSeconds: 3600 },
      { username: "bob" },
      { username: "carol", protected: true },
    ],
  });
  using client = await clientOf(daemon);
  const context = contextOf(client);
  const question = async (username: string, args: { protected?: boolean; ttl?: string }) =>
    (await updateContainer.consent?.({ username, ...args }, context))?.question?.message;
  const cases: readonly (readonly [string, { protected?: boolean; ttl?: string }, string?])[] = [
    [
      "carol",
      { protected: false },
      "Update carol-container? This would remove its protection from deletion.",
    ],
    [
      "alice",
      { ttl: "30m" },
      "Update alice-container? This would have it deleted with its disk in 30m.",
    ],
    ["alice", { ttl: "2h" }],
    ["alice", { ttl: "never" }],
    ["alice", { protected: true }],
    ["bob", { ttl: "2h" }, "Update bob-container? This would have it deleted with its disk in 2h."],
    ["bob", { protected: false }],
  ];
  for (const [username, args, expected] of cases) {
    await t.step(`${username} ${JSON.stringify(args)}`, async () => {
      assertEquals(await question(username, args), expected);
    });
  }
});

Deno.test("update_container says which deletions a protection prevents", async (t) => {
  const cases: Readonly<Record<string, readonly [ContainerSeed, RegExp]>> = {
    "a time to live": [
      { username: "alice", protected: true, ttlSeconds: 3600 },
      /from deletion \(it is then deleted at 20\d\d-.*Z, when its time to live ends\)\.$/,
    ],
    "a container that is deleted once stopped": [
      { username: "alice", protected: true, deleteAfterStoppedSeconds: 60 },
      /from deletion \(it is then deleted because it is stopped\)\.$/,
    ],
  };
  for (const [name, [seed, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [seed] });
      using client = await clientOf(daemon);
      await client.containers.stop("alice");
      const args = updateContainer.input.parse({ username: "alice", protected: false });
      const request = await updateContainer.consent?.(args, contextOf(client));
      assert(words.test(request?.question?.message ?? ""), request?.question?.message);
    });
  }
});

Deno.test("update_container asks before an auto-sleep that starts a deletion", async (t) => {
  const doomed: ContainerSeed = { username: "alice", deleteAfterStoppedSeconds: 60 };
  const asked =
    "Update alice-container? This would have it stopped after 30 idle minutes, and deleted " +
    "1 min later, with its 50GB disk.";
  const cases: readonly (readonly [string, ContainerSeed, object, string | undefined])[] = [
    ["set", doomed, { auto_sleep_minutes: 30 }, asked],
    ["shortened", { ...doomed, autoSleep: true, idleThresholdMinutes: 60 }, {
      auto_sleep_minutes: 30,
    }, asked],
    ["prolonged", { ...doomed, autoSleep: true }, { auto_sleep_minutes: 30 }, undefined],
    ["switched off", doomed, { auto_sleep_minutes: 0 }, undefined],
    ["protected", { ...doomed, protected: true }, { auto_sleep_minutes: 30 }, undefined],
    ["protected in the same call", doomed, { auto_sleep_minutes: 30, protected: true }, undefined],
    ["kept once stopped", { username: "alice" }, { auto_sleep_minutes: 30 }, undefined],
  ];
  for (const [name, seed, args, expected] of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [seed] });
      using client = await clientOf(daemon);
      const parsed = updateContainer.input.parse({ username: "alice", ...args });
      const request = await updateContainer.consent?.(parsed, contextOf(client));
      assertEquals(request?.question?.message, expected);
    });
  }
});

Deno.test("update_container loses nothing that it did not ask about", async (t) => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const seed: ContainerSeed = { username: "alice", createdAt };
  const anew = { createdAt: new Date() };
  const cases: readonly (readonly [string, ContainerSeed | undefined, ContainerSeed, object])[] = [
    ["a protection set meanwhile", seed, { ...seed, protected: true }, { protected: false }],
    ["a time to live that was sooner", { ...seed, ttlSeconds: 60 }, seed, { ttl: "8h" }],
    ["of a container created anew", { ...seed, protected: true }, {
      ...seed,
      ...anew,
      protected: true,
    }, { protected: false }],
    ["of a container that was not there", undefined, seed, { ttl: "8h" }],
    ["an auto-sleep that deletes", { ...seed }, {
      ...seed,
      ...anew,
      deleteAfterStoppedSeconds: 60,
    }, { auto_sleep_minutes: 30 }],
  ];
  for (const [name, before, after, args] of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: before === undefined ? [] : [before] });
      using client = await clientOf(daemon);
      const { refusal } = await changedBetween(
        updateContainer,
        { username: "alice", ...args },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals(refusal?.code, "failed_precondition");
      assertEquals(daemon.count("POST"), 0);
    });
  }
});

Deno.test("update_container removes a label that is set in the same call, and never sets it", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev" } }],
  });
  await using server = await connect(daemon);
  const { text } = await server.call("update_container", {
    username: "alice",
    labels: { team: "ci", tier: "gold" },
    remove_labels: ["team"],
  });
  assertEquals(text, "labels: team=dev → tier=gold");
  const bodies = daemon.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  assertEquals(bodies.map((body) => JSON.parse(body)), [{ labels: { tier: "gold" } }]);
});

Deno.test("update_container switches monitoring, and asks before it restarts a running container", async (t) => {
  const containers: readonly ContainerSeed[] = [
    { username: "alice" },
    { username: "bob", state: "CONTAINER_STATE_STOPPED" },
    { username: "carol", monitoring: true },
  ];
  await using daemon = await startDaemon({ containers, coreServices: ["otelcollector"] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "accept", content: { confirm: true } };
  });
  const ask = (username: string) => server.call("update_container", { username, monitoring: true });
  await t.step("it runs", async () => {
    const { isError, text } = await ask("alice");
    assertEquals([isError, text], [false, "monitoring: off → on"]);
    assertStringIncludes(questions[0] ?? "", "restart it, which ends what runs in it");
  });
  await t.step("it is stopped: nothing is lost", async () => {
    assertEquals((await ask("bob")).text, "monitoring: off → on");
  });
  await t.step("it is on already: the daemon would restart it for nothing", async () => {
    const sent = daemon.count("POST");
    assertEquals((await ask("carol")).text, "monitoring: on (as before)");
    assertEquals(daemon.count("POST"), sent);
  });
  assertEquals(questions.length, 1);
  await t.step("there is no collector", async () => {
    await using bare = await startDaemon({ containers });
    await using host = await connect(bare);
    const { isError, code, text } = await host.call("update_container", {
      username: "alice",
      monitoring: true,
    });
    assertEquals([isError, code], [true, "failed_precondition"]);
    assertStringIncludes(text, "collector");
  });
});

Deno.test("update_container sets a firewall, and says where the daemon only stores it", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", staticIp: true }, { username: "bob" }],
  });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  using client = await clientOf(daemon);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "accept", content: { confirm: true } };
  });
  const ask = (username: string, firewall: string) =>
    server.call("update_container", { username, firewall });
  await t.step("a container with a static address", async () => {
    assertEquals((await ask("alice", "http_only")).text, "firewall: none → http_only");
    assertStringIncludes(questions[0] ?? "", "SSH no longer reaches it");
    assertEquals((await ask("alice", "permissive")).text, "firewall: http_only → permissive");
    assertEquals(questions.length, 1, "opening it loses nothing");
  });
  await t.step("one that is in force already loses nothing", async () => {
    await client.containers.setFirewall("alice", "http_only");
    assertEquals((await ask("alice", "http_only")).text, "firewall: http_only (as before)");
    assertEquals(questions.length, 1);
  });
  await t.step("one that is only stored may close it, e.g. of a container before it", async () => {
    const body = '{"topology":{"nodes":[{"name":"alice-container","aclName":""}]}}';
    daemon.inject({ kind: "answer", status: 200, body, path: "/v1/network/topology", times: 2 });
    await ask("alice", "http_only");
    assertEquals(questions.splice(1).length, 1);
  });
  await t.step("one that was opened while the user was not asked is not closed", async () => {
    const { question, refusal } = await changedBetween(
      updateContainer,
      { username: "alice", firewall: "http_only" },
      contextOf(client),
      () => client.containers.setFirewall("alice", "permissive"),
    );
    assertEquals([question, refusal?.reason], [undefined, "changed_since_agreed"]);
    assertEquals(await client.containers.getFirewall("alice"), "permissive");
  });
  await t.step("full isolation, which no bridge can enforce", async () => {
    const { isError, reason, text } = await ask("alice", "full_isolation");
    assertEquals([isError, reason], [true, "firewall_unsupported"]);
    assertStringIncludes(text, "the rules from before stay");
    assertStringIncludes(text, "Use http_only");
  });
  await t.step("any other container: the daemon answers 500, and has stored it", async () => {
    const { isError, reason, text } = await ask("bob", "http_only");
    assertEquals([isError, reason], [true, "firewall_not_attached"]);
    assertStringIncludes(text, "stored the firewall and does not enforce it");
    assertStringIncludes(text, "static_ip");
  });
});
