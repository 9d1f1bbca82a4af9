/** Why there are no snapshots, as a model reads it: each reason with its own way on. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";

const calls: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "list_snapshots": { username: "alice" },
  "create_snapshot": { username: "alice" },
  "restore_snapshot": { username: "alice", name: "a" },
  "delete_snapshot": { username: "alice", name: "a" },
};

async function allSay(
  daemon: Daemon,
  { what, next }: Readonly<{ what: string; next: string }>,
): Promise<void> {
  await using server = await connect(daemon);
  for (const [name, args] of Object.entries(calls)) {
    const { isError, text } = await server.call(name, args);
    const lines = text.split("\n");
    assert(isError && lines.length === 3, text);
    assertStringIncludes(lines[0] ?? "", what);
    assertStringIncludes(lines[2] ?? "", next);
  }
  assertEquals(daemon.count("POST", /stop/), 0);
}

Deno.test("a host without ZFS", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await allSay(daemon, { what: "without ZFS", next: "keep a copy of what matters" });
});

Deno.test("a daemon that is too old", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], version: "0.6.0" });
  await allSay(daemon, { what: "after Containarium 0.66", next: "upgrade Containarium" });
});

Deno.test("a container on another host", async () => {
  await using daemon = await startDaemon({ zfs: true });
  const container = { username: "alice", createdAt: "-62135596800", backendId: "second" };
  daemon.inject({
    kind: "answer",
    method: "GET",
    path: "/v1/containers/alice",
    times: Object.keys(calls).length,
    status: 200,
    body: JSON.stringify({ container: { ...container, state: "CONTAINER_STATE_RUNNING" } }),
  });
  await allSay(daemon, {
    what: "alice-container is on another host (second)",
    next: "a server that is set to that host's daemon",
  });
});
