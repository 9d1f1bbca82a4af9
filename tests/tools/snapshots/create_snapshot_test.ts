import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createSnapshot } from "../../../tools/snapshots/create_snapshot.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("create_snapshot takes a snapshot of a running container, by name or by the time", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], zfs: true });
  await using server = await connect(daemon);
  const named = await server.call("create_snapshot", { username: "alice", name: "before" });
  assertEquals(named.text, 'Took snapshot "before" (133 MB).');
  assertEquals(named.structuredContent, {
    snapshot: { name: "before", used_bytes: 0, referenced_bytes: 132_960_256 },
  });
  const answer = await server.call("create_snapshot", { username: "alice" });
  const { snapshot } = createSnapshot.output.parse(answer.structuredContent);
  assert(/^\d{8}T\d{6}Z$/.test(snapshot.name), snapshot.name);
  assertEquals(snapshot.taken_at?.replaceAll(/[:-]|\.000/g, ""), snapshot.name);
  assertEquals(daemon.snapshots("alice"), ["before", snapshot.name]);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("create_snapshot explains each refusal", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["before"] }],
    zfs: true,
  });
  await using server = await connect(daemon);
  await t.step("a name that is taken", async () => {
    const args = { username: "alice", name: "before" };
    const { isError, code, reason } = await server.call("create_snapshot", args);
    assertEquals([isError, code, reason], [true, "conflict", "name_taken"]);
  });
  await t.step("a name that zfs would take apart", async () => {
    const before = daemon.requests.length;
    for (const name of ["%", "a,b", "snapshot-x", "a b"]) {
      const { isError, text } = await server.call("create_snapshot", { username: "alice", name });
      assertEquals(isError, true);
      assertStringIncludes(text, `"${name}" `);
    }
    assertEquals(daemon.requests.length, before);
  });
  await t.step("no such container", async () => {
    const { text } = await server.call("create_snapshot", { username: "alicia" });
    assertStringIncludes(text, "There is no container for alicia.");
    assertStringIncludes(text, "Did you mean alice?");
  });
  await t.step("an answer that is lost", async () => {
    daemon.dropNext("POST", "after-read", /snapshots/);
    const { text } = await server.call("create_snapshot", { username: "alice", name: "lost" });
    assertStringIncludes(text, "may have been carried out");
    assertStringIncludes(text, "call list_snapshots");
    assertEquals(daemon.snapshots("alice"), ["before", "lost"]);
  });
});
