import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("delete_snapshot deletes one snapshot, and says when there is none", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["a", "b", "snapshot-sync0"] }],
    zfs: true,
  });
  await using server = await connect(daemon);
  const args = { username: "alice", name: "a" };
  const { text, structuredContent } = await server.call("delete_snapshot", args);
  assertEquals(text, "Deleted; 8.2 kB freed.");
  assertEquals(structuredContent, { deleted: true, freed_bytes: 8192 });
  const again = await server.call("delete_snapshot", args);
  assertEquals(again.text, "There is no such snapshot; nothing was deleted.");
  assertEquals(again.isError, false);
  assertEquals(daemon.snapshots("alice"), ["b", "snapshot-sync0"]);
});

Deno.test("delete_snapshot never sends a name that means more than one", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["a", "b", "snapshot-sync0"] }],
    zfs: true,
  });
  await using server = await connect(daemon);
  for (const name of ["%", "%25", "a,b", "a%b", "a,snapshot-sync0", "snapshot-sync0", "-r", ""]) {
    const { isError, text } = await server.call("delete_snapshot", { username: "alice", name });
    assertEquals(isError, true, name);
    assertStringIncludes(text, "Invalid arguments for delete_snapshot");
  }
  assertEquals(daemon.count("DELETE"), 0);
});

Deno.test("delete_snapshot asks the person first, and says what it frees", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["a", "b"] }],
    zfs: true,
  });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  const answers = [{ action: "decline" }, { action: "accept", content: { confirm: true } }];
  server.onRequest("elicitation/create", ({ message }) => answers[asked.push(message) - 1]);
  const args = { username: "alice", name: "a" };
  const declined = await server.call("delete_snapshot", args);
  assertStringIncludes(declined.text, "The person declined");
  assertEquals(daemon.snapshots("alice"), ["a", "b"]);
  await server.call("delete_snapshot", args);
  assertEquals(daemon.snapshots("alice"), ["b"]);
  const question = 'Delete the snapshot "a" of alice-container, for good? It frees 8.2 kB, and ' +
    "there is no way back to it.";
  assertEquals(asked, [question, question]);
  await server.call("delete_snapshot", args);
  assertEquals(asked.length, 2, "nothing is lost where there is nothing");
});
