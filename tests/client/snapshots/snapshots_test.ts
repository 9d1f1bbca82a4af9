/** What the client makes of the daemon's words for snapshots. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { known } from "../known.ts";

/** Each thing that can be asked of snapshots. */
const calls: Readonly<Record<string, (client: ContainariumClient) => Promise<unknown>>> = {
  list: (client) => client.snapshots.list("alice"),
  create: (client) => client.snapshots.create("alice", { name: "x" }),
  delete: (client) => client.snapshots.delete("alice", "x"),
  rollback: (client) => client.snapshots.rollback("alice", "x"),
  restore: (client) => client.snapshots.restore("alice", "x"),
};

/** How each of them is refused. */
async function refusals(client: ContainariumClient): Promise<readonly ContainariumError[]> {
  return await Promise.all(
    Object.values(calls).map((call) => assertRejects(() => call(client), ContainariumError)),
  );
}

/** Makes GET tell of a container that the host has no dataset of. */
function pretend(daemon: Daemon, container: Readonly<Record<string, string>>): void {
  daemon.inject({
    kind: "answer",
    method: "GET",
    path: "/v1/containers/alice",
    // A restore looks twice.
    times: Object.keys(calls).length + 1,
    status: 200,
    body: JSON.stringify({ container: { username: "alice", ...container } }),
  });
}

Deno.test("snapshots.list() returns the oldest first, with sizes and with times in names", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["20261121T104500Z", "snapshot-0", "z", "a"] }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  assertEquals((await client.snapshots.list("alice")).map(known), [
    {
      name: "20261121T104500Z",
      usedBytes: 8192,
      referencedBytes: 132_960_256,
      takenAt: new Date("2026-11-21T10:45:00Z"),
    },
    { name: "z", usedBytes: 12_288, referencedBytes: 132_960_256 },
    { name: "a", usedBytes: 0, referencedBytes: 132_960_256 },
  ]);
});

Deno.test("snapshots.create() names a snapshot after the time by default", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], zfs: true });
  using client = await clientOf(daemon);
  const before = Date.now();
  const { name, takenAt } = await client.snapshots.create("alice");
  assert(/^\d{8}T\d{6}Z$/.test(name), name);
  assert(takenAt !== undefined && Math.abs(takenAt.getTime() - before) < 60_000);
  assertEquals(daemon.snapshots("alice"), [name]);
});

Deno.test("snapshots.create() with an existing name: conflict", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["x"] }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  const error = await assertRejects(
    () => client.snapshots.create("alice", { name: "x" }),
    ContainariumError,
  );
  assertEquals(error.code, "conflict");
});

Deno.test("snapshots.create() never sends an invalid name", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["x", "y"] }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  const { snapshots } = client;
  for (const name of ["%", "x,y", "snapshot-0", "-r", "x%y", "../y"]) {
    for (
      const call of [
        () => snapshots.create("alice", { name }),
        () => snapshots.delete("alice", name),
        () => snapshots.rollback("alice", name),
        () => snapshots.restore("alice", name),
      ]
    ) {
      assertEquals((await assertRejects(call, ContainariumError)).code, "invalid_argument", name);
    }
  }
  assertEquals(daemon.requests, []);
  assertEquals(daemon.snapshots("alice"), ["x", "y"]);
});

Deno.test("snapshots.delete() of a missing snapshot succeeds with deleted: false", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["x", "y"] }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  assertEquals(await client.snapshots.delete("alice", "x"), { deleted: true, freedBytes: 8192 });
  assertEquals(await client.snapshots.delete("alice", "x"), { deleted: false, freedBytes: 0 });
});

Deno.test("snapshots.list() reports why there are no snapshots", async (t) => {
  await t.step("a host without ZFS", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    for (const { code, reason, responseText } of await refusals(client)) {
      assertEquals([code, reason], ["unsupported", "no_zfs"]);
      assertStringIncludes(responseText ?? "", "executable file not found");
    }
  });
  await t.step("an old daemon", async () => {
    for (const version of ["0.3.0", "0.6.0"] as const) {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }], version });
      using client = await clientOf(daemon);
      for (const { code, message } of await refusals(client)) {
        assertEquals(code, "unsupported", message);
        assertStringIncludes(message, "after Containarium 0.66");
      }
    }
  });
  await t.step("storage without ZFS on a host that has it", async () => {
    await using daemon = await startDaemon({ zfs: true });
    pretend(daemon, { state: "CONTAINER_STATE_STOPPED", createdAt: "1795227653" });
    using client = await clientOf(daemon);
    for (const { code, message } of await refusals(client)) {
      assertEquals(code, "unsupported", message);
      assertStringIncludes(message, "not keep its containers on ZFS");
    }
  });
  await t.step("a container that has no disk yet", async () => {
    await using daemon = await startDaemon({ zfs: true });
    pretend(daemon, { state: "CONTAINER_STATE_CREATING", createdAt: "0" });
    using client = await clientOf(daemon);
    for (const { code, message } of await refusals(client)) {
      assertEquals(code, "conflict", message);
      assertStringIncludes(message, "still being created");
    }
  });
  await t.step("a container whose creation failed", async () => {
    await using daemon = await startDaemon({ zfs: true });
    using client = await clientOf(daemon);
    daemon.failNextCreate();
    await client.containers.create({ username: "alice" }).catch(() => {});
    assertEquals(daemon.state("alice"), "CONTAINER_STATE_ERROR");
    for (const { code, message } of await refusals(client)) {
      assertEquals(code, "not_found", message);
    }
  });
  for (const zfs of [true, false]) {
    await t.step(`a container on another host, ZFS here: ${zfs}`, async () => {
      await using daemon = await startDaemon({ zfs });
      const createdAt = "-62135596800";
      pretend(daemon, { state: "CONTAINER_STATE_RUNNING", createdAt, backendId: "second" });
      using client = await clientOf(daemon);
      for (const { code, message } of await refusals(client)) {
        assertEquals(code, "unsupported", message);
        assertStringIncludes(message, "alice-container is on another host (second)");
      }
      assertEquals(daemon.count("POST", /stop/), 0);
    });
    await t.step(`no such container, ZFS: ${zfs}`, async () => {
      await using daemon = await startDaemon({ zfs });
      using client = await clientOf(daemon);
      for (const { code, message } of await refusals(client)) {
        assertEquals(code, "not_found", message);
      }
    });
  }
});

Deno.test("snapshots.create() with a lost response is ambiguous and sent once", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["x"], state: "CONTAINER_STATE_STOPPED" }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  for (
    const [method, call] of [
      ["POST", () => client.snapshots.create("alice", { name: "y" })],
      ["DELETE", () => client.snapshots.delete("alice", "y")],
      ["POST", () => client.snapshots.rollback("alice", "x")],
    ] as const
  ) {
    daemon.dropNext(method, "after-read", /snapshots/);
    const before = daemon.requests.length;
    assertEquals((await assertRejects(call, ContainariumError)).code, "ambiguous");
    assertEquals(daemon.requests.length, before + 1);
  }
  assertEquals(daemon.snapshots("alice"), ["x"]);
});
