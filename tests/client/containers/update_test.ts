import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

Deno.test("update() changes what is given, and returns the container before and after", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev", tier: "gold" } }],
  });
  using client = await clientOf(daemon);
  const sent: string[] = [];
  const { settings, before, container } = await client.containers.update("alice", {
    labels: { city: "Bern", tier: "silver" },
    removeLabels: ["tier"],
    isProtected: true,
    autoSleepMinutes: 30,
    onChange: (setting, done, total) => sent.push(`${setting} ${done}/${total}`),
  });
  assertEquals(settings, ["labels", "protected", "auto_sleep"]);
  assertEquals(sent, ["labels 0/3", "protected 1/3", "auto_sleep 2/3"]);
  assertEquals([before.labels, container.labels], [
    { team: "dev", tier: "gold" },
    { team: "dev", city: "Bern" },
  ]);
  assertEquals([before.isProtected, container.isProtected], [false, true]);
  assertEquals([container.autoSleepMinutes, container.ttlExpiresAt], [30, undefined]);
});

Deno.test("update() refuses what changes nothing, and sends nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const error = await assertRejects(
    () => client.containers.update("alice", {}),
    ContainariumError,
  );
  assertEquals([error.code, daemon.requests], ["invalid_argument", []]);
});

Deno.test("update() changes nothing if `check` refuses the container as it is", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const check = () => {
    throw new Error("not this one");
  };
  await assertRejects(
    () => client.containers.update("alice", { isProtected: true, check }),
    Error,
    "not this one",
  );
  assertEquals((await client.containers.get("alice")).isProtected, false);
});

Deno.test("update() says what was set before a change that the daemon refuses", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const path = "/v1/containers/alice/delete-policy";
  daemon.inject({ kind: "answer", status: 500, body: "{}", method: "POST", path });
  const error = await assertRejects(
    () => client.containers.update("alice", { labels: { a: "b" }, isProtected: true }),
    ContainariumError,
  );
  assertEquals(error.path, path);
  assertEquals(error.message, "The daemon failed: {}. Set before that: labels");
  daemon.inject({ kind: "answer", status: 500, body: "{}", method: "POST", path });
  const first = await assertRejects(
    () => client.containers.update("alice", { isProtected: true, autoSleepMinutes: 30 }),
    ContainariumError,
  );
  assertEquals(first.message, "The daemon failed: {}", "nothing was set before");
});

Deno.test("update() sends each change of labels that there is, and no other", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev" } }],
  });
  using client = await clientOf(daemon);
  await client.containers.update("alice", { labels: { tier: "gold" } });
  await client.containers.update("alice", { removeLabels: ["team"] });
  await client.containers.update("alice", { labels: { a: "b" }, removeLabels: ["a", "tier"] });
  const writes = daemon.requests.filter(({ method }) => method !== "GET");
  assertEquals(writes.map(({ method, path, body }) => `${method} ${path} ${body}`), [
    'POST /v1/containers/alice/attribution {"labels":{"tier":"gold"}}',
    "DELETE /v1/containers/alice/labels/team ",
    "DELETE /v1/containers/alice/labels/a ",
    "DELETE /v1/containers/alice/labels/tier ",
  ]);
});

Deno.test("update() sends a change of labels only if `admitLabels` sends it", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const admitLabels = () => Promise.reject(new Error("the team is full"));
  await assertRejects(
    () => client.containers.update("alice", { labels: { team: "dev" }, admitLabels }),
    Error,
    "the team is full",
  );
  assertEquals((await client.containers.get("alice")).labels, {});
});

Deno.test("update() whose result cannot be read names what was accepted", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const last = daemon.hold("POST", "/v1/containers/alice/delete-policy");
  const updating = assertRejects(
    () => client.containers.update("alice", { labels: { a: "b" }, isProtected: true }),
    ContainariumError,
  );
  await last.reached;
  daemon.inject({ kind: "answer", method: "GET", status: 403, body: "{}" });
  last.release();
  const { code, message } = await updating;
  assertEquals([code, message.split(" was accepted")[0]], [
    "ambiguous",
    "labels, protected of alice-container",
  ]);
});
