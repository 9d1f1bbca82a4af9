/** Why there are no snapshots, as a model reads it: each reason with its next step. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ErrorReason } from "../../../client/mod.ts";
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
  what: string,
  reason: ErrorReason,
): Promise<void> {
  await using server = await connect(daemon);
  for (const [name, args] of Object.entries(calls)) {
    const answer = await server.call(name, args);
    assertEquals([answer.isError, answer.code, answer.reason], [true, "unsupported", reason]);
    assertStringIncludes(answer.text.split("\n")[0] ?? "", what);
  }
  assertEquals(daemon.count("POST", /stop/), 0);
}

Deno.test("every snapshot tool says that a host is without ZFS, and stops nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await allSay(daemon, "not keep its containers on ZFS", "no_zfs");
});

Deno.test("every snapshot tool says that a daemon is too old, and stops nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], version: "0.6.0" });
  await allSay(daemon, "after Containarium 0.66", "daemon_too_old");
});

Deno.test("every snapshot tool says that a container is on another host, and stops nothing", async () => {
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
  await allSay(daemon, "alice-container is on another host (second)", "other_host");
});
