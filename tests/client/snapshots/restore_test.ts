/** A restore of many steps: what is left of it whatever fails, and wherever. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError, type RestoreOptions } from "../../../client/mod.ts";
import { type Daemon, type InstanceState, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const running = "CONTAINER_STATE_RUNNING";
const stopped = "CONTAINER_STATE_STOPPED";
const frozen = "CONTAINER_STATE_FROZEN";

function startBox(
  state: InstanceState,
  snapshots: readonly string[] = ["old"],
): Promise<Daemon> {
  return startDaemon({ containers: [{ username: "alice", state, snapshots }], zfs: true });
}

/** The changes that reached the daemon, in order. */
function changes(daemon: Daemon): readonly string[] {
  return daemon.requests.filter(({ method }) => method !== "GET")
    .map(({ path, body }) => `${path.replace(/^.*\//, "")} ${body}`);
}

Deno.test("restore() kills a running or frozen container, rolls it back and starts it again", async (t) => {
  for (const state of [running, frozen] as const) {
    await t.step(state, async () => {
      await using daemon = await startBox(state);
      using client = await clientOf(daemon);
      const told: unknown[] = [];
      const { steps, discarded, container } = await client.snapshots.restore("alice", "old", {
        onStep: (step, steps) => told.push([step, steps]),
      });
      const all = ["stop", "rollback", "start"] as const;
      assertEquals([steps, discarded, container.state], [all, [], "running"]);
      assertEquals(told, all.map((step) => [step, all]));
      assertEquals(changes(daemon), ['stop {"force":true}', "rollback {}", "start {}"]);
    });
  }
});

Deno.test("restore() leaves a container stopped if it was, or with start: false", async () => {
  await using daemon = await startBox(running);
  using client = await clientOf(daemon);
  const { steps, container } = await client.snapshots.restore("alice", "old", { start: false });
  assertEquals([steps, container.state], [["stop", "rollback"], "stopped"]);
  const again = await client.snapshots.restore("alice", "old", { start: true });
  assertEquals([again.steps, again.container.state], [["rollback"], "stopped"]);
});

Deno.test("restore() destroys newer snapshots only with discardNewer, and returns their names", async () => {
  await using daemon = await startBox(running, ["old", "new", "newest"]);
  using client = await clientOf(daemon);
  const error = await assertRejects(
    () => client.snapshots.restore("alice", "old"),
    ContainariumError,
  );
  assertEquals(error.code, "failed_precondition");
  assertStringIncludes(error.message, '"new", "newest". Nothing was changed');
  assertEquals(changes(daemon), []);
  const { discarded } = await client.snapshots.restore("alice", "old", { discardNewer: true });
  assertEquals(discarded, ["new", "newest"]);
  assertEquals(daemon.snapshots("alice"), ["old"]);
});

Deno.test("restore() of the newest snapshot does not ask ZFS to destroy others", async () => {
  await using daemon = await startBox(stopped, ["old", "new"]);
  using client = await clientOf(daemon);
  await client.snapshots.restore("alice", "new", { discardNewer: true });
  assertEquals(changes(daemon), ["rollback {}"]);
});

Deno.test("restore() refuses a missing snapshot or container before it changes anything", async (t) => {
  await t.step("no such snapshot: details.meant is the nearest", async () => {
    await using daemon = await startBox(running, ["before"]);
    using client = await clientOf(daemon);
    const call = () => client.snapshots.restore("alice", "befor");
    const { code, details } = await assertRejects(call, ContainariumError);
    assertEquals([code, changes(daemon)], ["not_found", []]);
    assertEquals([details.snapshot, details.meant], ["befor", "before"]);
  });
  await t.step("a container that is being created", async () => {
    await using daemon = await startDaemon({ zfs: true });
    using client = await clientOf(daemon);
    const creating = daemon.holdPhase("creating");
    await client.containers.create({ username: "alice", waitMs: 0 });
    await creating.reached;
    const call = () => client.snapshots.planRestore("alice", "x");
    assertEquals((await assertRejects(call, ContainariumError)).code, "conflict");
    creating.release();
  });
});

Deno.test("restore() loses no more than was agreed to", async (t) => {
  await t.step("a snapshot that was taken meanwhile", async () => {
    await using daemon = await startBox(running, ["old", "new"]);
    using client = await clientOf(daemon);
    const agreed = await client.snapshots.planRestore("alice", "old", { discardNewer: true });
    await daemon.takeSnapshot("alice", "precious");
    const call = () => client.snapshots.restore("alice", "old", { discardNewer: true, agreed });
    const { message } = await assertRejects(call, ContainariumError);
    assertStringIncludes(message, '"precious". Nothing was changed');
    assertEquals(changes(daemon), []);
  });
  await t.step("a container that was started meanwhile", async () => {
    await using daemon = await startBox(stopped);
    using client = await clientOf(daemon);
    const agreed = await client.snapshots.planRestore("alice", "old");
    await client.containers.start("alice");
    const call = () => client.snapshots.restore("alice", "old", { agreed });
    const { message } = await assertRejects(call, ContainariumError);
    assertStringIncludes(message, "has been started. Nothing was changed");
    assertEquals(daemon.state("alice"), running);
  });
  await t.step("less is", async () => {
    await using daemon = await startBox(running, ["old", "new"]);
    using client = await clientOf(daemon);
    const agreed = await client.snapshots.planRestore("alice", "old", { discardNewer: true });
    await client.snapshots.delete("alice", "new");
    await client.containers.stop("alice");
    await client.snapshots.restore("alice", "old", { agreed });
    assertEquals(daemon.state("alice"), stopped);
  });
});

const busy = JSON.stringify({
  code: 500,
  error: 'rpc error: code = Unknown desc = Instance is busy running a "backup" operation',
});

/** Makes the daemon refuse one kind of change, without carrying it out. */
function refuse(daemon: Daemon, path: RegExp): void {
  daemon.inject({ kind: "answer", method: "POST", path, status: 500, body: busy });
}

/** What can go wrong, and how far it gets: the steps that were carried out. */
const failures: Readonly<
  Record<string, { readonly at: "stop" | "rollback" | "start"; readonly isLost: boolean }>
> = {
  "the stop is refused": { at: "stop", isLost: false },
  "the stop's answer is lost": { at: "stop", isLost: true },
  "the rollback is refused": { at: "rollback", isLost: false },
  "the rollback's answer is lost": { at: "rollback", isLost: true },
  "the start is refused": { at: "start", isLost: false },
  "the start's answer is lost": { at: "start", isLost: true },
};

Deno.test("restore() that fails halfway reports the real state and sends nothing twice", async (t) => {
  const cases = Object.entries(failures).flatMap(([what, failure]) =>
    ([running, frozen, stopped] as const).flatMap((state) =>
      [true, false].map((start) => ({ what, ...failure, state, start }))
    )
  );
  await Promise.all(cases.map(({ what, at, isLost, state, start }) =>
    t.step({
      name: `${what}, ${state}, start: ${start}`,
      sanitizeOps: false,
      sanitizeResources: false,
      sanitizeExit: false,
      fn: async () => {
        await using daemon = await startBox(state);
        using client = await clientOf(daemon);
        if (isLost) daemon.dropNext("POST", "after-read", new RegExp(`/${at}$`));
        else refuse(daemon, new RegExp(`/${at}$`));
        const isRunning = state !== stopped;
        const options: RestoreOptions = { start };
        const isMet = at === "rollback" || (isRunning && (at === "stop" || start));
        const call = client.snapshots.restore("alice", "old", options);
        if (!isMet) {
          await call;
          assertEquals(daemon.state("alice"), isRunning && start ? running : stopped);
          return;
        }
        const { code, message } = await assertRejects(() => call, ContainariumError);
        assertEquals(code, isLost ? "ambiguous" : "conflict", message);
        const isStopRefused = at === "stop" && !isLost;
        const isStartRefused = at === "start" && !isLost;
        const left = !isRunning
          ? stopped
          : isStopRefused
          ? state
          : start && !isStartRefused
          ? running
          : stopped;
        assertEquals(daemon.state("alice"), left, message);
        const word = left.replace("CONTAINER_STATE_", "").toLowerCase();
        assertStringIncludes(message, `it is ${word} now`);
        assertStringIncludes(
          message,
          at === "start"
            ? 'It was rolled back to "old"'
            : at === "rollback" && isLost
            ? "Whether it was rolled back is not known"
            : "It was not rolled back",
        );
        const sent = changes(daemon);
        assertEquals(sent.length, new Set(sent).size, sent.join(", "));
      },
    })
  ));
});

Deno.test("restore() stops before the rollback if others took a snapshot, and starts the container again", async () => {
  await using daemon = await startBox(running);
  using client = await clientOf(daemon);
  const rollback = daemon.hold("POST", /rollback/);
  const restoring = assertRejects(
    () => client.snapshots.restore("alice", "old", { discardNewer: true }),
    ContainariumError,
  );
  await rollback.reached;
  await daemon.takeSnapshot("alice", "precious");
  rollback.release();
  const { code, message } = await restoring;
  assertEquals(code, "failed_precondition");
  assertStringIncludes(message, "It was not rolled back, and it has been started again");
  assertEquals(daemon.snapshots("alice"), ["old", "precious"]);
  assertEquals(daemon.state("alice"), running);
});

Deno.test("restore() does not roll back a container that others started meanwhile", async () => {
  await using daemon = await startBox(running);
  using client = await clientOf(daemon);
  const rollback = daemon.hold("POST", /rollback/);
  const restoring = assertRejects(
    () => client.snapshots.restore("alice", "old"),
    ContainariumError,
  );
  await rollback.reached;
  await client.containers.start("alice");
  rollback.release();
  const { message } = await restoring;
  assertStringIncludes(message, "It was not rolled back, and it is running now");
});

Deno.test("restore() that fails for lack of the key leaves the container running", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", snapshots: ["old"], keyLoaded: false }],
    zfs: true,
  });
  using client = await clientOf(daemon);
  const { message } = await assertRejects(
    () => client.snapshots.restore("alice", "old"),
    ContainariumError,
  );
  assertStringIncludes(message, "encryption key is not loaded");
  assertStringIncludes(message, "started again: it is running now");
});

Deno.test("restore() reports that the container could not be started again", async () => {
  await using daemon = await startBox(running);
  using client = await clientOf(daemon);
  refuse(daemon, /rollback$/);
  refuse(daemon, /start$/);
  const { message } = await assertRejects(
    () => client.snapshots.restore("alice", "old"),
    ContainariumError,
  );
  assertStringIncludes(message, "it is stopped now, since it could not be started again (");
  assertEquals(daemon.state("alice"), stopped);
});

Deno.test("restore() that is cancelled leaves the container as it was, or restored and running", async (t) => {
  const cancelAt = async (step: string) => {
    const daemon = await startBox(running);
    const client = await clientOf(daemon);
    const abort = new AbortController();
    const hold = daemon.hold("POST", new RegExp(`/${step}$`));
    const { signal } = abort;
    const restoring = client.snapshots.restore("alice", "old", { signal });
    const outcome = restoring.then(({ container }) => container.state, (error) => error.code);
    await hold.reached;
    abort.abort();
    hold.release();
    const result = { outcome: await outcome, state: daemon.state("alice"), sent: changes(daemon) };
    client[Symbol.dispose]();
    await daemon.close();
    return { ...result, sent: result.sent.map((change) => change.replace(/ .*/, "")) };
  };
  await t.step("while it is being stopped", async () => {
    assertEquals(await cancelAt("stop"), {
      outcome: "cancelled",
      state: running,
      sent: ["stop", "start"],
    });
  });
  for (const step of ["rollback", "start"]) {
    await t.step(`during the ${step}`, async () => {
      assertEquals(await cancelAt(step), {
        outcome: "running",
        state: running,
        sent: ["stop", "rollback", "start"],
      });
    });
  }
});
