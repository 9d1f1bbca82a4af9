import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../client/mod.ts";
import { startDaemon } from "../daemon/mod.ts";
import { clientOf } from "./connect.ts";

Deno.test("list gives containers by username, with what the daemon knows of each", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "bob", state: "CONTAINER_STATE_STOPPED" },
      { username: "alice", labels: { team: "dev" }, ttlSeconds: 3600, protected: true },
    ],
  });
  using client = await clientOf(daemon);
  const [alice, bob, ...rest] = await client.containers.list();
  assertEquals(rest, []);
  assert(alice !== undefined && bob !== undefined);
  assertEquals(alice.username, "alice");
  assertEquals(alice.labels, { team: "dev" });
  assertEquals(alice.os, "ubuntu_2404");
  assertEquals(alice.isProtected, true);
  assert(alice.ttlExpiresAt !== undefined && alice.ttlExpiresAt > new Date());
  assertEquals(bob.state, "stopped");
  assert(!("ipAddress" in bob), "a stopped container has no address, not an empty one");
});

Deno.test("get says not_found although the daemon answers 500", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const error = await assertRejects(() => client.containers.get("alice"), ContainariumError);
  assertEquals(error.code, "not_found");
  assertEquals(error.status, 500);
  assertEquals(error.path, "/v1/containers/alice");
});

Deno.test("get believes the list where the daemon's ERROR contradicts it", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  daemon.failNextCreate();
  await assertRejects(() => client.containers.create({ username: "alice" }), ContainariumError);
  assertEquals((await client.containers.get("alice")).state, "failed");

  // A creation on the host's own command line: the daemon goes on answering ERROR.
  daemon.inject({
    kind: "answer",
    method: "GET",
    path: "/v1/containers?username=alice",
    status: 200,
    body: JSON.stringify({
      containers: [{
        username: "alice",
        name: "alice-container",
        state: "CONTAINER_STATE_RUNNING",
      }],
    }),
  });
  assertEquals((await client.containers.get("alice")).state, "running");
});

Deno.test("a username is checked before it gets into a URL", async (t) => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const cases = ["", "a/b", "..", "a%2Fdebug", "a b", "a?force=true", "é", "terminal", "labelsx"];
  for (const username of cases) {
    await t.step(JSON.stringify(username), async () => {
      for (
        const call of [
          () => client.containers.get(username),
          () => client.containers.delete(username),
          () => client.containers.start(username),
          () => client.containers.stop(username),
          () => client.metrics.get(username),
        ]
      ) {
        const error = await assertRejects(call, ContainariumError);
        assertEquals(error.code, "invalid_argument");
      }
    });
  }
  assertEquals(daemon.requests.length, 0);
});

Deno.test("start waits for the address and knows a running container", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
    delays: { ipAddressMs: 20 },
  });
  using client = await clientOf(daemon);
  const started = await client.containers.start("alice");
  assertEquals(started.changed, true);
  assert(started.container.ipAddress !== undefined);
  assertEquals((await client.containers.start("alice")).changed, false);
});

Deno.test("stop knows a stopped container", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  assertEquals((await client.containers.stop("alice")).changed, true);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
  assertEquals((await client.containers.stop("alice", { force: true })).changed, false);
});

Deno.test("the daemon's words for odd states are not taken at face value", async (t) => {
  await t.step("a frozen container is not running", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice", state: "CONTAINER_STATE_FROZEN" }],
    });
    using client = await clientOf(daemon);
    const error = await assertRejects(() => client.containers.start("alice"), ContainariumError);
    assertEquals(error.code, "failed_precondition");
    assertStringIncludes(error.message, "frozen");
  });
  await t.step("one that is being created is not stopped", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    const creating = daemon.holdPhase("creating");
    await client.containers.create({ username: "alice", waitMs: 0 });
    const error = await assertRejects(() => client.containers.stop("alice"), ContainariumError);
    assertEquals(error.code, "conflict");
    creating.release();
    await daemon.when("alice", "CONTAINER_STATE_RUNNING");
  });
});

Deno.test("delete removes a running container, and says not_found when there is none", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  assertEquals(await client.containers.delete("alice"), { name: "alice-container" });
  assertEquals(daemon.state("alice"), undefined);
  const error = await assertRejects(() => client.containers.delete("alice"), ContainariumError);
  assertEquals(error.code, "not_found");
});

Deno.test("a daemon of January 2026 that cannot start or stop is told apart", async () => {
  await using daemon = await startDaemon({
    version: "0.3.0",
    containers: [{ username: "alice" }],
  });
  using client = await clientOf(daemon);
  const error = await assertRejects(() => client.containers.stop("alice"), ContainariumError);
  assertEquals(error.code, "unsupported");
  assertEquals((await client.containers.list()).length, 1);
});
