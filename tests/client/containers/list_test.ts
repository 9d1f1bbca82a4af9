import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, type ListOptions } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

/** The daemon's next answer to a read. */
function answer(daemon: Daemon, path: string, body: unknown, status = 200): void {
  daemon.inject({ kind: "answer", method: "GET", path, status, body: JSON.stringify(body) });
}

Deno.test("list() asks the daemon for what it can filter by, and sorts by username", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const cases: readonly (readonly [ListOptions, string])[] = [
    [{}, ""],
    [{ username: "alice" }, "username=alice"],
    [{ state: "running" }, "state=CONTAINER_STATE_RUNNING"],
    [{ state: "stopped" }, "state=CONTAINER_STATE_STOPPED"],
    [{ state: "frozen" }, "state=CONTAINER_STATE_FROZEN"],
    [{ state: "creating" }, ""],
    [{ state: "failed" }, ""],
    [{ labels: { team: "dev", tier: "" } }, "labelFilter[team]=dev&labelFilter[tier]="],
    [{ backend: "far", pool: "gpu" }, ""],
  ];
  for (const [options, query] of cases) {
    await client.containers.list(options);
    const { path = "" } = daemon.requests.at(-1) ?? {};
    assertEquals(decodeURIComponent(path.split("?")[1] ?? ""), query);
  }
  const names = ["carol", "Alice", "bob", "bob", "alice"];
  answer(daemon, "/v1/containers", { containers: names.map((username) => ({ username })) });
  assertEquals(
    (await client.containers.list()).map(({ username }) => username),
    ["Alice", "alice", "bob", "bob", "carol"],
  );
});

Deno.test("list() keeps only what meets every condition, whatever the daemon returns", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const row = {
    username: "alice",
    state: "CONTAINER_STATE_RUNNING",
    labels: { team: "dev" },
    backendId: "far",
    pool: "gpu",
  };
  const all: ListOptions = {
    username: "alice",
    state: "running",
    labels: { team: "dev" },
    backend: "far",
    pool: "gpu",
  };
  const others: readonly ListOptions[] = [
    { username: "bob" },
    { state: "stopped" },
    { labels: { team: "ops" } },
    { labels: { team: "dev", tier: "gold" } },
    { labels: { team: "" } },
    { labels: { toString: "x" } },
    { backend: "near" },
    { pool: "cpu" },
  ];
  for (const options of [all, ...others]) {
    answer(daemon, "/v1/containers", { containers: [row] });
    const found = await client.containers.list({ ...all, ...options });
    assertEquals(found.length, options === all ? 1 : 0, JSON.stringify(options));
  }
});

Deno.test("listRows() reads of each container what list() does", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { team: "dev" } }, { username: "bob" }],
  });
  using client = await clientOf(daemon);
  const all = await client.containers.list();
  const rows = await client.containers.listRows();
  assertEquals(rows.map((row) => row.read()), all);
  assertEquals(
    rows.map((
      { username, state, createdAt, backendId, pool, labels },
    ) => [username, state, createdAt, backendId, pool, labels]),
    all.map((
      { username, state, createdAt, backendId, pool, labels },
    ) => [username, state, createdAt, backendId, pool, labels]),
  );
});

Deno.test("listRows() rejects a list with a container of another shape, though nobody reads it", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const shapes: readonly (readonly [unknown, string])[] = [
    ["bob", 'the object "container", found string'],
    [{ labels: [] }, 'the object "labels", found a list'],
    [{ resources: "4GB" }, 'the object "resources", found string'],
    [{ network: 1 }, 'the object "network", found number'],
    [{ gpuDevices: {} }, 'the list "gpuDevices", found object'],
  ];
  for (const [shape, words] of shapes) {
    answer(daemon, "/v1/containers", { containers: [{ username: "alice" }, shape] });
    await assertRejects(() => client.containers.listRows(), ContainariumError, words);
  }
});

Deno.test("list() keeps the daemon's order of two hosts' containers of one name", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const rows = [["carol", "near"], ["bob", "near"], ["bob", "far"], ["alice", "far"]] as const;
  const containers = rows.map(([username, backendId]) => ({ username, backendId }));
  answer(daemon, "/v1/containers", { containers });
  const listed = await client.containers.list();
  assertEquals(listed.map(({ username, backendId }) => [username, backendId]), [
    ["alice", "far"],
    ["bob", "near"],
    ["bob", "far"],
    ["carol", "near"],
  ]);
});
