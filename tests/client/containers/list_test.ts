import { assertEquals } from "@std/assert";
import type { ListOptions } from "../../../client/mod.ts";
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
