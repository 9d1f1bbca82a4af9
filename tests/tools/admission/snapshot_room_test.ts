import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { amountsOf } from "../../../tools/admission/amounts.ts";
import type { QuotaScope } from "../../../tools/admission/scopes.ts";
import { assertRoomForSnapshots, SnapshotCounts } from "../../../tools/admission/snapshot_quota.ts";
import { quotasEntry } from "../../../tools/policy/schema.ts";
import { clientOf } from "../../client/connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const dev = { team: "dev" };
const { signal } = new AbortController();
const usage = (username: string, team = "dev") =>
  ({ source: "listed", username, team, amounts: amountsOf({}) }) as const;
const containers = [
  { username: "alice", labels: dev, snapshots: ["a", "b", "c"] },
  { username: "bob", labels: dev, snapshots: ["d"] },
  { username: "eve", labels: { team: "ops" } },
];

Deno.test("SnapshotCounts.in() counts those of a user, or of each container of a team once", async () => {
  await using daemon = await startDaemon({ containers, zfs: true });
  using client = await clientOf(daemon);
  const limits = { containers: undefined, cpu: undefined, memory: undefined, disk: undefined };
  const count = (kind: QuotaScope["kind"], name: string) => {
    const usages = [usage("alice"), usage("alice"), usage("bob"), usage("eve", "ops")];
    return new SnapshotCounts(client, signal).in({ kind, name, limits }, usages);
  };
  assertEquals(await count("team", "dev"), 4);
  assertEquals(await count("user", "alice"), 3);
  assertEquals(await count("user", "nobody"), 0);
  daemon.inject({ kind: "answer", status: 403, body: "{}", path: /snapshots/ });
  await assertRejects(() => count("user", "alice"), ContainariumError);
});

Deno.test("assertRoomForSnapshots() counts what a container brings to its team, and not what a user has", async () => {
  await using daemon = await startDaemon({ containers, zfs: true });
  using client = await clientOf(daemon);
  const join = (username: string, teamLimit: number | undefined) =>
    assertRoomForSnapshots(
      { username, labels: dev },
      [usage("alice"), usage("bob")],
      quotasEntry.parse({
        users: { "*": { snapshots: 1 } },
        teams: { dev: { snapshots: teamLimit } },
      }),
      { client, signal },
    );
  await join("alice", 4);
  await join("alice", undefined);
  const error = await assertRejects(() => join("alice", 3), ContainariumError);
  assertEquals(
    error.message,
    "The quota does not allow it: team dev: snapshots 1 of 3, needs 3 more. Nothing was sent",
  );
  // Without snapshots of its own there is nothing to count.
  await join("eve", 1);
});
