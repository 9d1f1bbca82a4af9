import { assertEquals, assertStringIncludes } from "@std/assert";
import { deleteSnapshot } from "../../../tools/snapshots/delete_snapshot.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

Deno.test("delete_snapshot deletes one snapshot, and says when there is none", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["a", "b", "snapshot-sync0"] }],
    zfs: true,
  });
  await using server = await connect(daemon);
  const args = { username: "alice", name: "a" };
  const { text, structuredContent } = await server.call("delete_snapshot", args);
  assertEquals(text, `Deleted snapshot "a"; 8.2 kB freed.`);
  assertEquals(structuredContent, { name: "a", deleted: true, freed_bytes: 8192 });
  const again = await server.call("delete_snapshot", args);
  assertEquals(again.text, 'There is no snapshot "a"; nothing was deleted.');
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

Deno.test("delete_snapshot asks the user first, and says what it frees", async () => {
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
  assertStringIncludes(declined.text, "The user declined");
  assertEquals(daemon.snapshots("alice"), ["a", "b"]);
  await server.call("delete_snapshot", args);
  assertEquals(daemon.snapshots("alice"), ["b"]);
  const question = 'Delete the snapshot "a" of alice-container, permanently? It frees 8.2 kB and ' +
    "cannot be undone.";
  assertEquals(asked, [question, question]);
  await server.call("delete_snapshot", args);
  assertEquals(asked.length, 2, "nothing is lost where there is nothing");
});

Deno.test("delete_snapshot deletes nothing that it did not ask about", async (t) => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const cases: Readonly<Record<string, readonly [ContainerSeed, ContainerSeed]>> = {
    "a snapshot taken meanwhile": [
      { username: "alice", createdAt },
      { username: "alice", createdAt, snapshots: ["a"] },
    ],
    "a snapshot of a container created anew": [
      { username: "alice", createdAt, snapshots: ["a"] },
      { username: "alice", snapshots: ["a"] },
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [before], zfs: true });
      using client = await clientOf(daemon);
      const { refusal } = await changedBetween(
        deleteSnapshot,
        { username: "alice", name: "a" },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals(refusal?.code, "failed_precondition");
      assertEquals([daemon.snapshots("alice"), daemon.count("DELETE")], [["a"], 0]);
    });
  }
});

Deno.test("delete_snapshot leaves a snapshot that was replaced under the same name", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["a"] }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  const { refusal } = await changedBetween(
    deleteSnapshot,
    { username: "alice", name: "a" },
    contextOf(client),
    () =>
      daemon.inject({
        kind: "answer",
        method: "GET",
        path: "/v1/containers/alice/snapshots",
        status: 200,
        body: '{"snapshots":[{"name":"a","usedBytes":"0","referencedBytes":"7"}]}',
      }),
  );
  assertStringIncludes(refusal?.message ?? "", "replaced under the same name");
  assertEquals(daemon.count("DELETE"), 0);
});
