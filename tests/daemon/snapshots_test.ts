/** What the recordings do not tell of snapshots: what stays hidden, and what lies on the disk. @module */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { testWithPty } from "../with_pty.ts";
import { errorOf, statusAndText } from "./asking.ts";
import { type Daemon, startDaemon } from "./mod.ts";
import { Sitting } from "./terminal_client.ts";

const path = "/v1/containers/alice/snapshots";

function rollBack(daemon: Daemon, name: string, body = "{}") {
  return statusAndText(daemon, `${path}/${name}/rollback`, { method: "POST", body });
}

Deno.test("Incus's own snapshots are hidden and kept, until a delete is named %", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["snapshot-sync0", "mine"] }],
    zfs: true,
  });
  const { text } = await statusAndText(daemon, path);
  const { snapshots }: { snapshots: { name: string }[] } = JSON.parse(text);
  assertEquals(snapshots.map(({ name }) => name), ["mine"]);
  const ask = { method: "DELETE" };
  assertStringIncludes(await errorOf(daemon, `${path}/snapshot-sync0`, ask), "Incus-managed");
  assertEquals(daemon.snapshots("alice"), ["snapshot-sync0", "mine"]);
  await statusAndText(daemon, `${path}/%25`, ask);
  assertEquals(daemon.snapshots("alice"), []);
});

Deno.test("A rollback with force kills the container, and may refuse after that", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["old", "new"] }],
    zfs: true,
  });
  const { status } = await rollBack(daemon, "old", '{"force":true}');
  assertEquals([status, daemon.state("alice")], [400, "CONTAINER_STATE_STOPPED"]);
});

Deno.test("A frozen container is rolled back without force and stays frozen; force stops it", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_FROZEN", snapshots: ["old"] }],
    zfs: true,
  });
  const { status } = await rollBack(daemon, "old");
  assertEquals([status, daemon.state("alice")], [200, "CONTAINER_STATE_FROZEN"]);
  const stop = { method: "POST", body: '{"force":true}' };
  await statusAndText(daemon, "/v1/containers/alice/stop", stop);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
});

Deno.test("Snapshots go with their container, and a new one of its name has none", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["old"] }],
    zfs: true,
  });
  await statusAndText(daemon, "/v1/containers/alice", { method: "DELETE" });
  await assertRejects(() => daemon.takeSnapshot("alice", "x"), Error, "dataset does not exist");
  const body = '{"username":"alice"}';
  await statusAndText(daemon, "/v1/containers", { method: "POST", body });
  assertEquals(daemon.snapshots("alice"), []);
});

Deno.test("Older daemons know no snapshots", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], version: "0.6.0" });
  assertEquals((await statusAndText(daemon, path)).status, 404);
});

testWithPty("A rollback brings the home of the container's user back", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["seeded"] }],
    zfs: true,
    shell: {},
  });
  const home = daemon.home("alice");
  await Deno.writeTextFile(`${home}/notes`, "one", { mode: 0o640 });
  await Deno.mkdir(`${home}/folder`);
  await Deno.symlink("../notes", `${home}/folder/link`);
  await daemon.takeSnapshot("alice", "one");
  await Deno.writeTextFile(`${home}/notes`, "two");
  await Deno.writeTextFile(`${home}/.new`, "two");
  await Deno.remove(`${home}/folder`, { recursive: true });
  await rollBack(daemon, "one", '{"force":true}');
  assertEquals(await Deno.readTextFile(`${home}/folder/link`), "one");
  assertEquals(((await Deno.stat(`${home}/notes`)).mode ?? 0) & 0o777, 0o640);
  await assertRejects(() => Deno.stat(`${home}/.new`), Deno.errors.NotFound);

  await rollBack(daemon, "seeded", '{"destroyNewer":true}');
  assertEquals(await Deno.readTextFile(`${home}/notes`), "one", "a seeded one holds no home");
  await daemon.takeSnapshot("alice", "one");
  await Deno.writeTextFile(`${home}/notes`, "three");
  await statusAndText(daemon, `${path}/one`, { method: "DELETE" });
  await daemon.takeSnapshot("alice", "one");
  await Deno.writeTextFile(`${home}/notes`, "four");
  await rollBack(daemon, "one");
  assertEquals(await Deno.readTextFile(`${home}/notes`), "three");
});

testWithPty("A rollback ends what runs in the container", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["old"] }],
    zfs: true,
    shell: {},
  });
  const sitting = await Sitting.open(daemon, "alice");
  await rollBack(daemon, "old", '{"force":true}');
  await sitting.closed;
  assertEquals(await daemon.leftovers("alice"), { processes: [], files: [] });
});
