import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";

const day = 86_400;

/** Seconds from now, rounded to the half minute. */
function fromNow(time: Date | undefined): number | undefined {
  return time && Math.round((time.getTime() - Date.now()) / 30_000) * 30;
}

Deno.test("deleteLater() stops a container and has the daemon delete it after the grace", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev" } }],
  });
  using client = await clientOf(daemon);
  const { container } = await client.containers.deleteLater("alice", {
    graceSeconds: day,
    why: "delete_container",
    by: "admin",
  });
  assertEquals([container?.state, fromNow(container?.ttlExpiresAt)], ["stopped", day]);
  assertEquals(container?.labels, { team: "dev" });
  const { deletion } = await client.containers.get("alice");
  assertEquals([deletion?.wasRunning, deletion?.why, deletion?.by], [
    true,
    "delete_container",
    "admin",
  ]);
  daemon.endTtl("alice");
  assertEquals(await client.containers.find("alice"), undefined);
});

Deno.test("undelete() restores exactly what deleteLater() changed", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "runs", ttlSeconds: 3 * day, autoSleep: true, idleThresholdMinutes: 30 },
      { username: "stopped", state: "CONTAINER_STATE_STOPPED", labels: { team: "dev" } },
      { username: "brief", ttlSeconds: 3_600, deleteAfterStoppedSeconds: 7_200 },
    ],
  });
  using client = await clientOf(daemon);
  for (const username of ["runs", "stopped", "brief"]) {
    const before = await client.containers.getWhole(username);
    await client.containers.deleteLater(username, { graceSeconds: day });
    const { changed, container } = await client.containers.undelete(username);
    assertEquals(changed, true);
    const { ttlExpiresAt: ttlBefore, ...restBefore } = before;
    const { ttlExpiresAt: ttlAfter, stoppedAt: _, ...restAfter } = container;
    assertEquals({ ...restAfter, stoppedAt: restBefore.stoppedAt }, restBefore);
    const differs = (ttlAfter?.getTime() ?? 0) - (ttlBefore?.getTime() ?? 0);
    assert(Math.abs(differs) <= 2_000, `${username}: ${differs} ms`);
  }
});

Deno.test("undelete() sets a time to live once where the daemon's clock is this one", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ttlSeconds: 3 * day }],
  });
  using client = await clientOf(daemon);
  await client.containers.deleteLater("alice", { graceSeconds: day });
  const sent = () => daemon.count("POST", "/v1/containers/alice/ttl");
  const before = sent();
  const { container } = await client.containers.undelete("alice");
  assertEquals([sent() - before, fromNow(container.ttlExpiresAt)], [1, 3 * day]);
});

Deno.test("undelete() restores a time to live by the daemon's clock, which may differ", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ttlSeconds: 3 * day }],
  });
  using client = await clientOf(daemon);
  // Every time that the daemon says is an hour earlier than here.
  const rewrite = (body: string) =>
    body.replaceAll(
      /"ttlExpiresAt":"([^"]+)"/g,
      (_, time) => `"ttlExpiresAt":"${new Date(Date.parse(time) - 3_600_000).toISOString()}"`,
    );
  daemon.inject({ kind: "rewritten", path: /containers/, times: 100, rewrite });
  const { ttlExpiresAt: before } = await client.containers.get("alice");
  await client.containers.deleteLater("alice", { graceSeconds: day });
  const { container: { ttlExpiresAt: after } } = await client.containers.undelete("alice");
  const differs = (after?.getTime() ?? 0) - (before?.getTime() ?? 0);
  assert(Math.abs(differs) <= 2_000, `${differs} ms`);
});

Deno.test("undelete() leaves the daemon time for a correction where this clock is ahead", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ttlSeconds: 2 * day }],
  });
  using client = await clientOf(daemon);
  await client.containers.deleteLater("alice", { graceSeconds: day });
  // The daemon's times are 3 days earlier: by this clock, all of them have passed.
  const rewrite = (body: string) =>
    body.replaceAll(
      /"ttlExpiresAt":"([^"]+)"/g,
      (_, time) => `"ttlExpiresAt":"${new Date(Date.parse(time) - 3 * day * 1_000).toISOString()}"`,
    ).replaceAll(
      /ttl=(\d[^ "]+)/g,
      (_, time) =>
        `ttl=${new Date(Date.parse(time) - 3 * day * 1_000).toISOString().slice(0, 19)}Z`,
    );
  daemon.inject({ kind: "rewritten", path: /containers/, times: 100, rewrite });
  await client.containers.undelete("alice");
  const sent = daemon.requests.filter(({ path }) => path.endsWith("/ttl")).slice(1)
    .map(({ body }) => Number(JSON.parse(body ?? "").durationSeconds));
  assert(sent.length > 0 && sent.every((seconds) => seconds >= 3_600), sent.join());
  assert(Math.abs((sent.at(-1) ?? 0) - 2 * day) <= 5, sent.join());
});

Deno.test("deleteLater() does not prolong the life of a container that would be gone sooner", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ttlSeconds: 3_600 }],
  });
  using client = await clientOf(daemon);
  const { container } = await client.containers.deleteLater("alice", { graceSeconds: day });
  assertEquals(fromNow(container?.ttlExpiresAt), 3_600);
  assertEquals(daemon.count("POST", "/v1/containers/alice/ttl"), 0);
});

Deno.test("deleteLater() of one that is deleted already keeps how it was, and stops it again", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const { container: first } = await client.containers.deleteLater("alice", { graceSeconds: day });
  const { container: again } = await client.containers.deleteLater("alice", { graceSeconds: 60 });
  assertEquals([again?.deletion, again?.ttlExpiresAt], [first?.deletion, first?.ttlExpiresAt]);
  await client.containers.start("alice");
  const { container: last } = await client.containers.deleteLater("alice", { graceSeconds: 60 });
  assertEquals([last?.state, last?.deletion], ["stopped", first?.deletion]);
});

Deno.test("deleteLater() of one that another client has set to live on begins anew", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  await client.containers.deleteLater("alice", { graceSeconds: day });
  await client.containers.setTtl("alice", 0);
  const { container } = await client.containers.deleteLater("alice", { graceSeconds: 3_600 });
  assertEquals([container?.deletion?.wasRunning, fromNow(container?.ttlExpiresAt)], [false, 3_600]);
});

Deno.test("undelete() never shortens the time to live that another client has set since", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ttlSeconds: 2 * day }, { username: "ben" }],
  });
  using client = await clientOf(daemon);
  await client.containers.deleteLater("alice", { graceSeconds: day });
  await client.containers.setTtl("alice", 5 * day);
  const { container } = await client.containers.undelete("alice");
  assertEquals(fromNow(container.ttlExpiresAt), 5 * day);
  // Anyone who reaches the daemon can set the label.
  await client.containers.setLabels("ben", {
    "mcp-deleted": "at=2026-11-26T10:00:00Z was=running ttl=2026-11-26T11:00:00Z",
  });
  const { container: ben } = await client.containers.undelete("ben");
  assertEquals([ben.ttlExpiresAt, ben.deletion, ben.state], [undefined, undefined, "running"]);
});

Deno.test("undelete() changes nothing for a container that was not deleted", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { "mcp-deleted": "yes; rm -rf /" } }],
  });
  using client = await clientOf(daemon);
  const { changed } = await client.containers.undelete("alice");
  assertEquals([changed, daemon.requests.filter(({ method }) => method !== "GET")], [false, []]);
  const error = await assertRejects(() => client.containers.undelete("ben"), ContainariumError);
  assertEquals(error.code, "not_found");
});

Deno.test("deleteLater() refuses what could not be recovered, and sends nothing", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "kept", protected: true },
      { username: "frozen", state: "CONTAINER_STATE_FROZEN" },
    ],
  });
  using client = await clientOf(daemon);
  const reasons: unknown[] = [];
  for (const username of ["kept", "frozen"]) {
    const error = await assertRejects(
      () => client.containers.deleteLater(username, { graceSeconds: day }),
      ContainariumError,
    );
    reasons.push(error.reason);
  }
  assertEquals(reasons, ["protected", "not_recoverable"]);
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
  assertEquals(await client.containers.deleteLater("nobody", { graceSeconds: day }), {});
});

Deno.test("deleteLater() refuses a container on another host, whose time to live cannot be set", async () => {
  await using hosts = await startTwoHosts({}, { containers: [{ username: "bob" }] });
  using client = await clientOf(hosts.near);
  const error = await assertRejects(
    () => client.containers.deleteLater("bob", { graceSeconds: day }),
    ContainariumError,
  );
  assertEquals([error.reason, error.details.backend], ["not_recoverable", "far"]);
  assertEquals(hosts.far.state("bob"), "CONTAINER_STATE_RUNNING");
});

Deno.test("deleteLater() leaves a container as it was if it cannot be stopped", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", ttlSeconds: 3 * day, labels: { team: "dev" } }],
  });
  using client = await clientOf(daemon);
  const before = await client.containers.getWhole("alice");
  daemon.inject({
    kind: "answer",
    method: "POST",
    path: "/v1/containers/alice/stop",
    status: 500,
    body: JSON.stringify({
      code: 2,
      message: "failed to stop container: disk I/O error",
      details: [],
    }),
  });
  const error = await assertRejects(
    () => client.containers.deleteLater("alice", { graceSeconds: day }),
    ContainariumError,
  );
  assert(error.message.includes("It will not be deleted"), error.message);
  const { ttlExpiresAt, ...after } = await client.containers.getWhole("alice");
  const { ttlExpiresAt: ttlBefore, ...was } = before;
  assertEquals(after, was);
  assert(Math.abs((ttlExpiresAt?.getTime() ?? 0) - (ttlBefore?.getTime() ?? 0)) <= 2_000);
});

Deno.test("deleteLater() that lost a response can be called again, and undone", async () => {
  for (const path of ["attribution", "ttl", "stop"]) {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    daemon.dropNext("POST", "after-read", `/v1/containers/alice/${path}`);
    const error = await assertRejects(
      () => client.containers.deleteLater("alice", { graceSeconds: day }),
      ContainariumError,
    );
    assertEquals(error.code, "ambiguous");
    const { container } = await client.containers.deleteLater("alice", { graceSeconds: day });
    assertEquals([container?.state, fromNow(container?.ttlExpiresAt)], ["stopped", day], path);
    const { container: restored } = await client.containers.undelete("alice");
    assertEquals([restored.state, restored.ttlExpiresAt], ["running", undefined], path);
  }
});

Deno.test("deleteLater() on a daemon without times to live changes nothing", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }],
    version: "0.6.0",
  });
  using client = await clientOf(daemon);
  await assertRejects(
    () => client.containers.deleteLater("alice", { graceSeconds: day }),
    ContainariumError,
  );
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("undelete() that cannot start the container still keeps it, and can be called again", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  await client.containers.deleteLater("alice", { graceSeconds: day });
  daemon.inject({
    kind: "answer",
    method: "POST",
    path: "/v1/containers/alice/start",
    status: 500,
    body: JSON.stringify({ code: 2, message: "failed to start container: no memory", details: [] }),
  });
  const error = await assertRejects(() => client.containers.undelete("alice"), ContainariumError);
  assert(error.message.includes("will not be deleted any more"), error.message);
  assertEquals((await client.containers.get("alice")).ttlExpiresAt, undefined);
  const { container } = await client.containers.undelete("alice");
  assertEquals([container.state, container.deletion], ["running", undefined]);
});

Deno.test("create() says of a name whose container is deleted that it can be recovered", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  await client.containers.deleteLater("alice", { graceSeconds: day });
  const error = await assertRejects(
    () => client.containers.create({ username: "alice" }),
    ContainariumError,
  );
  assertEquals([error.code, error.reason], ["conflict", "deletion_pending"]);
  assertEquals(daemon.count("POST", "/v1/containers"), 0);
});

Deno.test("undelete() refuses a container that was moved to another host since, and changes nothing", async () => {
  const record = "at=2026-11-26T10:00:00Z was=running ttl=never";
  await using hosts = await startTwoHosts({}, {
    containers: [{
      username: "bob",
      state: "CONTAINER_STATE_STOPPED",
      ttlSeconds: day,
      labels: { "mcp-deleted": record },
    }],
  });
  using client = await clientOf(hosts.near);
  const error = await assertRejects(() => client.containers.undelete("bob"), ContainariumError);
  assertEquals([error.code, error.reason, error.details], [
    "failed_precondition",
    "other_host",
    { username: "bob", backend: "far" },
  ]);
  assert(error.message.startsWith("bob-container is on far by now"), error.message);
  assertEquals(hosts.far.state("bob"), "CONTAINER_STATE_STOPPED");
});

Deno.test("undelete() refuses a container on a host that the daemon does not name", async () => {
  const labels = { "mcp-deleted": "at=2026-11-26T10:00:00Z was=running ttl=never" };
  await using daemon = await startDaemon({ containers: [{ username: "bob", labels }] });
  using client = await clientOf(daemon);
  const body = JSON.stringify({
    container: { name: "bob-container", username: "bob", state: "CONTAINER_STATE_STOPPED", labels },
  });
  daemon.inject({ kind: "answer", method: "GET", path: "/v1/containers/bob", status: 200, body });
  const error = await assertRejects(() => client.containers.undelete("bob"), ContainariumError);
  assert(error.message.startsWith("bob-container is on another host by now"), error.message);
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET").length, 0);
});
