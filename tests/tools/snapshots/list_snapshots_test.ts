import { assertEquals, assertStringIncludes } from "@std/assert";
import { age } from "../../../tools/snapshots/snapshot_answer.ts";
import { listSnapshots } from "../../../tools/snapshots/list_snapshots.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("list_snapshots shows names, ages, and sizes, oldest first", async () => {
  const twoHoursAgo = new Date(Date.now() - 2.5 * 3_600_000).toISOString()
    .replace(/\.\d+/, "").replaceAll(/[:-]/g, "");
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: [`b-${twoHoursAgo}`, "snapshot-sync0", "a"] }],
    zfs: true,
  });
  await using server = await connect(daemon);
  const answer = await server.call("list_snapshots", { username: "alice" });
  assertEquals(
    answer.text,
    "name                age      used    holds\n" +
      `b-${twoHoursAgo}  2 h ago  8.2 kB  133 MB\n` +
      "a                            0 B     133 MB",
  );
  const { snapshots } = listSnapshots.output.parse(answer.structuredContent);
  assertEquals(snapshots.map(({ name, used_bytes: used }) => [name, used]), [
    [`b-${twoHoursAgo}`, 8192],
    ["a", 0],
  ]);
  assertEquals(
    snapshots[0]?.taken_at?.replaceAll(/[:-]/g, ""),
    twoHoursAgo,
  );
});

Deno.test("list_snapshots says when there are none", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], zfs: true });
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("list_snapshots", { username: "alice" });
  assertEquals([text, structuredContent], ["No snapshots.", { snapshots: [] }]);
});

Deno.test("list_snapshots needs only a scope to read", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["a"] }],
    zfs: true,
  });
  const token = await daemon.token({ username: "alice", scopes: ["containers:read"] });
  await using server = await connect({ url: daemon.url, token });
  const { isError } = await server.call("list_snapshots", { username: "alice" });
  assertEquals(isError, false);
  const { text } = await server.call("create_snapshot", { username: "alice" });
  assertStringIncludes(text, "create_snapshot is off: the token lacks the scope containers:write");
});

Deno.test("list_snapshots shows ages in the largest unit, rounded down", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const ages: Readonly<Record<string, string>> = {
    "2026-11-21T12:00:00Z": "0 s ago",
    "2026-11-21T11:59:01Z": "59 s ago",
    "2026-11-21T11:59:00Z": "1 min ago",
    "2026-11-21T10:00:01Z": "1 h ago",
    "2026-11-20T12:00:00Z": "1 d ago",
    "2025-11-21T12:00:00Z": "365 d ago",
    "2026-11-21T12:00:01Z": "in the future",
  };
  for (const [time, expected] of Object.entries(ages)) {
    assertEquals(age(new Date(time), now), expected);
  }
  assertEquals(age(undefined, now), "");
});
