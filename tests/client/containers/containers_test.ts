import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError, type ListOptions } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

Deno.test("list() returns containers by username with all their fields", async () => {
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
  assertEquals(bob.ipAddress, undefined, "a stopped container has no address, not an empty one");
});

Deno.test("get() reports not_found although the daemon answers 500", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const error = await assertRejects(() => client.containers.get("alice"), ContainariumError);
  assertEquals(error.code, "not_found");
  assertEquals(error.status, 500);
  assertEquals(error.path, "/v1/containers/alice");
});

Deno.test("get() trusts the list if the daemon's ERROR contradicts it", async () => {
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

Deno.test("get() checks a username before it builds a URL", async (t) => {
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

Deno.test("start() waits for the address, and leaves a running container alone", async () => {
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

Deno.test("stop() leaves a stopped container alone", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  assertEquals((await client.containers.stop("alice")).changed, true);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
  assertEquals((await client.containers.stop("alice", { force: true })).changed, false);
});

Deno.test("start() and stop() report frozen containers and those being created", async (t) => {
  await t.step("a frozen container is not running", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice", state: "CONTAINER_STATE_FROZEN" }],
    });
    using client = await clientOf(daemon);
    const error = await assertRejects(() => client.containers.start("alice"), ContainariumError);
    assertEquals(error.code, "failed_precondition");
    assertStringIncludes(error.message, "frozen");
  });
  await t.step(
    "stop() that times out reports the state of the container",
    async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice", state: "CONTAINER_STATE_FROZEN" }],
        delays: { stopFrozenMs: 1 },
      });
      using client = await clientOf(daemon);
      const error = await assertRejects(() => client.containers.stop("alice"), ContainariumError);
      assertEquals([error.code, error.reason], ["failed_precondition", "shutdown_timed_out"]);
      assertStringIncludes(error.message, "is running now");
    },
  );
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

Deno.test("delete() removes a running container and verifies that it is gone", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  assertEquals(await client.containers.delete("alice"), {
    deleted: true,
    name: "alice-container",
    protectionChecked: true,
  });
  assertEquals(daemon.state("alice"), undefined);
});

Deno.test("delete() sends nothing if there is no container, or it is protected", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice", protected: true }] });
  using client = await clientOf(daemon);
  await t.step("no such container", async () => {
    assertEquals((await client.containers.delete("bob")).deleted, false);
  });
  await t.step("only the ERROR of a failed creation", async () => {
    daemon.failNextCreate();
    await assertRejects(() => client.containers.create({ username: "carol" }), ContainariumError);
    assertEquals((await client.containers.delete("carol")).deleted, false);
  });
  await t.step("a protected one", async () => {
    const error = await assertRejects(() => client.containers.delete("alice"), ContainariumError);
    assertEquals(error.code, "failed_precondition");
    assertStringIncludes(error.message, "is protected");
  });
  assertEquals(daemon.count("DELETE"), 0);
});

Deno.test("delete() is ambiguous if the list still has the container", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  daemon.inject({ kind: "answer", status: 200, body: '{"message":"done"}', method: "DELETE" });
  const error = await assertRejects(() => client.containers.delete("alice"), ContainariumError);
  assertStringIncludes(error.message, "still lists it");
});

Deno.test("delete() reports that a peer's protection could not be checked", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const peer = { username: "alice", state: "CONTAINER_STATE_RUNNING", createdAt: "-62135596800" };
  const body = JSON.stringify({ container: peer });
  daemon.inject({ kind: "answer", status: 200, body, method: "GET", path: "/v1/containers/alice" });
  assertEquals((await client.containers.delete("alice")).protectionChecked, false);
});

Deno.test("list() filters by state and labels, even if the daemon does not", async (t) => {
  const containers = [
    { username: "alice", labels: { team: "dev" } },
    { username: "bob", labels: { team: "dev", "a b": "x=y" }, state: "CONTAINER_STATE_STOPPED" },
    { username: "carol" },
  ] as const;
  for (const version of ["0.67.0", "0.6.0"] as const) {
    await using daemon = await startDaemon({ version, containers });
    using client = await clientOf(daemon);
    const names = async (options: ListOptions) =>
      (await client.containers.list(options)).map(({ username }) => username);
    await t.step(`${version}: state`, async () => {
      assertEquals(await names({ state: "stopped" }), ["bob"]);
      assertEquals(await names({ state: "creating" }), []);
    });
    await t.step(`${version}: labels`, async () => {
      assertEquals(await names({ labels: { team: "dev" } }), ["alice", "bob"]);
      assertEquals(await names({ labels: { team: "dev", "a b": "x=y" } }), ["bob"]);
      assertEquals(await names({ labels: { team: "" } }), ["carol"]);
    });
  }
});

Deno.test("resize() sets limits and reads them back", async (t) => {
  const seed = { username: "alice", resources: { cpu: "1", memory: "512MB", disk: "5GB" } };
  await using daemon = await startDaemon({ containers: [seed] });
  using client = await clientOf(daemon);
  await t.step("several at once", async () => {
    const { before, after } = await client.containers.resize("alice", {
      cpu: "0.25",
      memory: "1GiB",
      disk: "10GB",
    });
    assertEquals(before, { cpu: "1", memory: "512MB", disk: "5GB" });
    assertEquals(after, { cpu: "250m", memory: "1GiB", disk: "10GB" });
  });
  await t.step("a smaller disk only when that is meant", async () => {
    const error = await assertRejects(
      () => client.containers.resize("alice", { disk: "9GB", cpu: "2" }),
      ContainariumError,
    );
    assertEquals(error.code, "failed_precondition");
    assertStringIncludes(error.message, "9GB is less than the 10GB");
    assertEquals((await client.containers.get("alice")).cpu, "250m", "nothing was changed");
    const { after } = await client.containers.resize("alice", { disk: "9GB", allowShrink: true });
    assertEquals(after, { disk: "9GB" });
  });
  await t.step("a later part that fails is told with what did change", async () => {
    const error = await assertRejects(
      () => client.containers.resize("alice", { disk: "20GB", cpu: "2", memory: "lots" }),
      ContainariumError,
    );
    assertEquals(error.code, "invalid_argument");
    assertStringIncludes(error.message, "Changed anyway: cpu 250m → 2, disk 9GB → 20GB");
  });
  await t.step("nothing to set", async () => {
    const error = await assertRejects(
      () => client.containers.resize("alice", {}),
      ContainariumError,
    );
    assertEquals(error.code, "invalid_argument");
  });
  await t.step("a daemon that cannot yet", async () => {
    await using old = await startDaemon({ version: "0.6.0", containers: [seed] });
    using client = await clientOf(old);
    const error = await assertRejects(
      () => client.containers.resize("alice", { cpu: "2" }),
      ContainariumError,
    );
    assertEquals(error.code, "unsupported");
  });
});

Deno.test("setLabels(), setTtl(), setProtected() and setAutoSleep() change one setting each", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev" } }],
  });
  using client = await clientOf(daemon);
  const { containers } = client;
  assertEquals(await containers.setLabels("alice", { tier: "gold", "a b": "x" }), {
    "os-type": "ubuntu_2404",
    team: "dev",
    tier: "gold",
    "a b": "x",
  });
  await containers.removeLabel("alice", "team");
  await containers.removeLabel("alice", "a b");
  await containers.setProtected("alice", true);
  await containers.setAutoSleep("alice", 30);
  const expiresAt = await containers.setTtl("alice", 3600);
  const alice = await client.containers.get("alice");
  assertEquals(alice.labels, { tier: "gold" });
  assertEquals([alice.isProtected, alice.autoSleepMinutes], [true, 30]);
  assertEquals(alice.ttlExpiresAt?.getTime(), expiresAt?.getTime());

  await containers.setProtected("alice", false);
  await containers.setAutoSleep("alice", 0);
  assertEquals(await containers.setTtl("alice", 0), undefined);
  const after = await client.containers.get("alice");
  assertEquals([after.isProtected, after.autoSleepMinutes, after.ttlExpiresAt], [
    false,
    undefined,
    undefined,
  ]);
});

Deno.test("start() and stop() on a daemon of January 2026: unsupported", async () => {
  await using daemon = await startDaemon({
    version: "0.3.0",
    containers: [{ username: "alice" }],
  });
  using client = await clientOf(daemon);
  const error = await assertRejects(() => client.containers.stop("alice"), ContainariumError);
  assertEquals(error.code, "unsupported");
  assertEquals((await client.containers.list()).length, 1);
});
