import { assertEquals, assertStringIncludes } from "@std/assert";
import { restoreSnapshot } from "../../../tools/snapshots/restore_snapshot.ts";
import { clientOf } from "../../client/connect.ts";
import { connect, connectProcess, type Session } from "../../connect.ts";
import { type ContainerSeed, type Daemon, startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

function startBox(
  snapshots: readonly string[],
  state: "RUNNING" | "STOPPED" | "FROZEN" = "RUNNING",
): Promise<Daemon> {
  return startDaemon({
    containers: [{ username: "alice", snapshots, state: `CONTAINER_STATE_${state}` }],
    zfs: true,
  });
}

const old = { username: "alice", name: "old" };

/** Answers the questions of a session in order; returns them. */
function answering(server: Session, ...answers: readonly (() => boolean)[]): readonly unknown[] {
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    const isAgreed = answers[asked.push(message) - 1]?.() === true;
    return isAgreed ? { action: "accept", content: { confirm: true } } : { action: "decline" };
  });
  return asked;
}

testWithPty("restore_snapshot restores broken files", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }],
    zfs: true,
    shell: {},
  });
  await using server = await connect(daemon);
  const run = async (command: string) =>
    (await server.call("run_command", { username: "alice", command })).text;
  await run("echo precious > data; mkdir .config; echo on > .config/app");
  await server.call("create_snapshot", old);
  await run("rm -rf data .config; echo junk > junk");
  const { isError, text } = await server.call("restore_snapshot", old);
  assertEquals([isError, text], [
    false,
    "alice-container: stopped, rolled back, started; it is running now.",
  ]);
  const seen = await run("cat data .config/app; ls junk");
  assertStringIncludes(seen, "precious\non\n");
  assertStringIncludes(seen, "No such file");
});

Deno.test("restore_snapshot reports each step, and starts only what was running", async () => {
  await using daemon = await startBox(["old"], "FROZEN");
  await using server = await connect(daemon);
  const messages: unknown[] = [];
  server.onNotification("notifications/progress", ({ message }) => messages.push(message));
  const answer = await server.call("restore_snapshot", old, { progressToken: 1 });
  const { steps, discarded, container } = restoreSnapshot.output.parse(answer.structuredContent);
  assertEquals([steps, discarded], [["stop", "rollback", "start"], undefined]);
  assertEquals(container.state, "running");
  assertEquals(
    messages,
    ["stopping", "rolling back", "starting"].map((doing) => `alice-container: ${doing}`),
  );
  const left = await server.call("restore_snapshot", { ...old, start: false });
  assertEquals(left.text, "alice-container: stopped, rolled back; it is stopped now.");
  const still = await server.call("restore_snapshot", old);
  assertEquals(still.text, "alice-container: rolled back; it is stopped now.");
});

Deno.test("restore_snapshot does not destroy newer snapshots by itself", async () => {
  await using daemon = await startBox(["old", "new", "newest"]);
  await using server = await connect(daemon);
  const { isError, text } = await server.call("restore_snapshot", old);
  assertEquals(isError, true);
  assertStringIncludes(text, 'would destroy newer snapshots: "new", "newest". Nothing was changed');
  assertStringIncludes(text, "discard_newer");
  assertEquals(daemon.count("POST"), 0);
  const done = await server.call("restore_snapshot", { ...old, discard_newer: true });
  assertStringIncludes(done.text, "\nDestroyed newer snapshots: new, newest");
  assertEquals(daemon.snapshots("alice"), ["old"]);
});

Deno.test("restore_snapshot asks the user first, and says what is lost", async (t) => {
  await using daemon = await startBox(["old", "new", "newest"]);
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const no = () => false;
  const asked = answering(server, no, no, no, () => true);
  const all = { ...old, "discard_newer": true };
  await t.step("no means no", async () => {
    const { text } = await server.call("restore_snapshot", all);
    assertStringIncludes(text, "The user declined");
    await server.call("restore_snapshot", { ...all, start: false });
    assertEquals(daemon.count("POST"), 0);
  });
  await t.step("what runs, and what is newer, is named", () => {
    const question = (then: string) =>
      'Restore alice-container to snapshot "old"? Permanently lost: everything written since ' +
      'then; the newer snapshots "new", "newest"; running processes (the container then ' +
      `${then}).`;
    assertEquals(asked, [question("starts again"), question("stays stopped")]);
  });
  await t.step("nothing else is, where there is nothing else", async () => {
    await server.call("stop_container", { username: "alice" });
    await server.call("restore_snapshot", { username: "alice", name: "newest" });
    assertEquals(
      asked[2],
      'Restore alice-container to snapshot "newest"? Permanently lost: everything written since ' +
        "then.",
    );
  });
  await t.step("yes does it", async () => {
    const { text } = await server.call("restore_snapshot", all);
    assertStringIncludes(text, "it is stopped now");
    assertEquals(daemon.snapshots("alice"), ["old"]);
  });
  await t.step("there is no question before a refusal", async () => {
    const { text } = await server.call("restore_snapshot", { ...old, name: "olds" });
    assertStringIncludes(
      text,
      'has no snapshot "olds".\nNext: Did you mean old? If not, call list_snapshots',
    );
    assertStringIncludes(text, "list_snapshots");
    assertEquals(asked.length, 4);
  });
});

Deno.test("restore_snapshot destroys no more than the question said", async () => {
  await using daemon = await startBox(["old", "new"]);
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const taken = Promise.withResolvers<void>();
  answering(server, () => {
    // The user takes a while to answer.
    daemon.takeSnapshot("alice", "precious").then(taken.resolve);
    return true;
  });
  const { isError, text } = await server.call("restore_snapshot", { ...old, discard_newer: true });
  await taken.promise;
  assertEquals(isError, true);
  assertStringIncludes(text, '"precious". Nothing was changed');
  assertEquals(daemon.snapshots("alice"), ["old", "new", "precious"]);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("restore_snapshot that fails halfway reports the state, and starts the container again", async () => {
  await using daemon = await startBox(["old"]);
  await using server = await connect(daemon);
  const rollback = daemon.hold("POST", /rollback/);
  const answer = server.call("restore_snapshot", old);
  await rollback.reached;
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
  await daemon.takeSnapshot("alice", "precious");
  rollback.release();
  const { isError, text } = await answer;
  assertEquals(isError, true);
  assertStringIncludes(text, "refusing to roll alice back to old");
  assertStringIncludes(
    text,
    "It was not rolled back, and it has been started again: it is running now",
  );
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("restore_snapshot that is cancelled halfway leaves the container running", async () => {
  await using daemon = await startBox(["old"]);
  await using server = await connectProcess(daemon);
  const stop = daemon.hold("POST", /stop/);
  const call = { name: "restore_snapshot", arguments: old };
  const sent = { jsonrpc: "2.0", id: "r", method: "tools/call", params: call };
  await server.send(`${JSON.stringify(sent)}\n`);
  await stop.reached;
  await server.notify("notifications/cancelled", { requestId: "r" });
  // A later response shows that the notification was read.
  await server.request("ping");
  stop.release();
  await daemon.when("alice", "CONTAINER_STATE_STOPPED");
  await daemon.when("alice", "CONTAINER_STATE_RUNNING");
  assertEquals(daemon.count("POST", /rollback/), 0);
});

Deno.test("restore_snapshot does not delay the end of input", async () => {
  await using daemon = await startBox(["old"]);
  await using server = await connectProcess(daemon);
  const rollback = daemon.hold("POST", /rollback/);
  const call = { name: "restore_snapshot", arguments: old };
  const sent = { jsonrpc: "2.0", id: "r", method: "tools/call", params: call };
  await server.send(`${JSON.stringify(sent)}\n`);
  await rollback.reached;
  await server.closeStdin();
  assertEquals((await server.exited).code, 0);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
});

Deno.test("restore_snapshot destroys no snapshot that was taken while it stopped the container", async () => {
  await using daemon = await startBox(["old", "new"]);
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  answering(server, () => true);
  const stop = daemon.holdPhase("stopping", "alice");
  const call = server.call("restore_snapshot", { ...old, discard_newer: true });
  await stop.reached;
  await daemon.takeSnapshot("alice", "late");
  stop.release();
  const { isError, text } = await call;
  assertEquals(isError, true);
  assertStringIncludes(text, 'more snapshots that would be destroyed: "late"');
  assertStringIncludes(text, "It was not rolled back, and it has been started again");
  assertEquals(daemon.snapshots("alice"), ["old", "new", "late"]);
  assertEquals(
    [daemon.count("POST", /rollback/), daemon.state("alice")],
    [0, "CONTAINER_STATE_RUNNING"],
  );
});

Deno.test("restore_snapshot restores nothing that it did not ask about", async (t) => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const seed: ContainerSeed = { username: "alice", createdAt, snapshots: ["old", "new"] };
  const changes: Readonly<Record<string, readonly [ContainerSeed, ContainerSeed]>> = {
    "of a container created anew": [seed, { ...seed, createdAt: new Date() }],
    "with newer snapshots": [seed, { ...seed, snapshots: ["old", "new", "newest"] }],
    "of a container that was started": [{ ...seed, state: "CONTAINER_STATE_STOPPED" }, seed],
    "whose stop starts a deletion": [
      { ...seed, protected: true, deleteAfterStoppedSeconds: 60 },
      { ...seed, deleteAfterStoppedSeconds: 60 },
    ],
  };
  const cases = Object.entries(changes).flatMap(([name, states]) =>
    [true, false].map((start) => ({ name: `${name}, start=${start}`, states, start }))
  );
  for (const { name, states: [before, after], start } of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [before], zfs: true });
      using client = await clientOf(daemon);
      const { refusal } = await changedBetween(
        restoreSnapshot,
        { ...old, discard_newer: true, start },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals(refusal?.code, "failed_precondition");
      assertStringIncludes(refusal?.message ?? "", "Nothing was changed");
      assertEquals(daemon.count("POST"), 0);
    });
  }
});

Deno.test("restore_snapshot says that the container is deleted where it stays or is left stopped", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["old"], deleteAfterStoppedSeconds: 60 }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  const question = async (start: boolean) => {
    const args = restoreSnapshot.input.parse({ ...old, start });
    return (await restoreSnapshot.consent?.(args, contextOf(client)))?.question?.message ?? "";
  };
  assertStringIncludes(
    await question(false),
    "the container itself, which is deleted 1 min later, with its 50GB disk",
  );
  assertStringIncludes(
    await question(true),
    "Its stop starts its deletion (1 min later, with its 50GB disk), which the start prevents: " +
      "if it cannot be started in time, it is lost.",
  );
});

Deno.test("restore_snapshot quotes names of snapshots in its question", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["old", "x. Nothing is lost: y"] }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  const args = restoreSnapshot.input.parse({ ...old, discard_newer: true });
  const request = await restoreSnapshot.consent?.(args, contextOf(client));
  assertStringIncludes(
    request?.question?.message ?? "",
    'the newer snapshots "x. Nothing is lost: y";',
  );
});
