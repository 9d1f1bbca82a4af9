/** What `deleteLater()` refuses, and what it says of a deletion that ended half-way. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { type Container, unseenContainer } from "../../../client/containers/container.ts";
import { refuseUnrecoverable } from "../../../client/containers/delete_later.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const day = 86_400;
const username = "alice";
const createdAt = new Date("2026-01-01T00:00:00Z");
const alice: Container = { ...unseenContainer(username), state: "running", createdAt };

Deno.test("refuseUnrecoverable() says why a container could not be recovered", () => {
  const why = (container: Partial<Container>) => {
    const error = assertThrows(
      () => refuseUnrecoverable({ ...alice, ...container }),
      ContainariumError,
    );
    const backend = container.backendId;
    assertEquals([error.code, error.reason, error.details], [
      "failed_precondition",
      "not_recoverable",
      { username, backend },
    ]);
    const [, words] =
      /^alice-container cannot be deleted so that it could be recovered: (.*)\. Nothing was changed$/
        .exec(error.message) ?? [];
    return words;
  };
  for (const state of ["running", "stopped", "failed"] as const) {
    refuseUnrecoverable({ ...alice, state });
  }
  assertEquals(why({ state: "frozen" }), "it is frozen (paused), which a stop would end for good");
  assertEquals(why({ state: "creating" }), "it is still being created (creating)");
  assertEquals(why({ state: "provisioning" }), "it is still being created (provisioning)");
  assertEquals(why({ state: "unknown" }), "the daemon does not report its state");
  const elsewhere = ", and the daemon schedules deletions only on its own host";
  assertEquals(why({ createdAt: undefined, backendId: "far" }), `it is on far${elsewhere}`);
  assertEquals(why({ createdAt: undefined }), `it is on another host${elsewhere}`);
});

/** Makes a change while a request waits. */
async function whileWaiting(
  daemon: Daemon,
  method: string,
  path: string,
  change: () => unknown,
): Promise<void> {
  const hold = daemon.hold(method, path);
  await hold.reached;
  await change();
  hold.release();
}

Deno.test("deleteLater() lets be a container whose agreement no longer fits, and says why", async (t) => {
  await t.step("one that was deleted when the user was asked, and was started since", async () => {
    await using daemon = await startDaemon({ containers: [{ username }] });
    using client = await clientOf(daemon);
    const { container } = await client.containers.deleteLater(username, { graceSeconds: day });
    await client.containers.start(username);
    const error = await assertRejects(
      () => client.containers.deleteLater(username, { graceSeconds: day, agreed: { container } }),
      ContainariumError,
    );
    assertEquals(error.reason, "changed_since_agreed");
    assertEquals(error.message.includes("it was deleted already"), true, error.message);
    assertEquals(daemon.state(username), "CONTAINER_STATE_RUNNING");
  });
  await t.step("one whose stop would delete it sooner", async () => {
    await using daemon = await startDaemon({
      containers: [{ username, createdAt, deleteAfterStoppedSeconds: 60 }],
    });
    using client = await clientOf(daemon);
    const error = await assertRejects(
      () =>
        client.containers.deleteLater(username, {
          graceSeconds: day,
          agreed: { container: alice },
        }),
      ContainariumError,
    );
    assertEquals(
      error.message,
      "alice-container would be deleted sooner after its stop than was agreed. Nothing was changed",
    );
  });
  await t.step("one that was there to be asked about, as it is", async () => {
    await using daemon = await startDaemon({ containers: [{ username }] });
    using client = await clientOf(daemon);
    const container = await client.containers.getWhole(username);
    const agreed = { container };
    const { container: now } = await client.containers.deleteLater(username, {
      graceSeconds: day,
      agreed,
    });
    assertEquals(now?.state, "stopped");
  });
});

Deno.test("deleteLater() that cannot take its mark back says so", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const refuse = { kind: "answer", status: 500, body: '{"error":"no"}' } as const;
  const path = "/v1/containers/alice";
  daemon.inject({ ...refuse, method: "POST", path: `${path}/stop` });
  daemon.inject({ ...refuse, method: "DELETE", path: `${path}/labels/mcp-deleted` });
  const error = await assertRejects(
    () => client.containers.deleteLater(username, { graceSeconds: day }),
    ContainariumError,
  );
  assertEquals(
    error.message.includes("It is marked as deleted, and that could not be taken back: "),
    true,
    error.message,
  );
});

Deno.test("deleteLater() that is cancelled in mid-stop says what may be", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const cancel = new AbortController();
  const deleting = assertRejects(
    () => client.containers.deleteLater(username, { graceSeconds: day, signal: cancel.signal }),
    ContainariumError,
  );
  await whileWaiting(daemon, "POST", "/v1/containers/alice/stop", () => cancel.abort());
  const { message } = await deleting;
  assertEquals(message.endsWith("alice-container may be stopped, and is marked as deleted"), true);
});

Deno.test("deleteLater() that is cancelled while it takes its mark back ends at once, and says so", async (t) => {
  const steps = [
    ["POST", "/v1/containers/alice/ttl"],
    ["DELETE", "/v1/containers/alice/labels/mcp-deleted"],
  ] as const;
  for (const [method, path] of steps) {
    await t.step(path, async () => {
      await using daemon = await startDaemon({ containers: [{ username }] });
      using client = await clientOf(daemon);
      const stop = daemon.hold("POST", "/v1/containers/alice/stop");
      const cancel = new AbortController();
      const deleting = assertRejects(
        () => client.containers.deleteLater(username, { graceSeconds: day, signal: cancel.signal }),
        ContainariumError,
      );
      await stop.reached;
      daemon.inject({ kind: "answer", status: 500, body: '{"error":"no"}', method: "POST" });
      const takingBack = daemon.hold(method, path);
      stop.release();
      await takingBack.reached;
      cancel.abort();
      const { message } = await deleting;
      assertEquals(
        message.includes("It is marked as deleted, and that could not be taken back: Cancelled"),
        true,
        message,
      );
      takingBack.release();
    });
  }
});

Deno.test("deleteLater() of what is deleted already, and runs again, takes no mark back if it cannot be stopped", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const { container: before } = await client.containers.deleteLater(username, {
    graceSeconds: day,
  });
  await client.containers.start(username);
  daemon.inject({ kind: "answer", status: 500, body: '{"error":"no"}', method: "POST" });
  const { message } = await assertRejects(
    () => client.containers.deleteLater(username, { graceSeconds: day }),
    ContainariumError,
  );
  const { deletion, ttlExpiresAt } = await client.containers.get(username);
  assertEquals([deletion, ttlExpiresAt], [before?.deletion, before?.ttlExpiresAt]);
  assertEquals(message.includes("It will not be deleted"), false, message);
});

Deno.test("deleteLater() of what is gone by its stop fails as not_found, and adds nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const deleting = assertRejects(
    () => client.containers.deleteLater(username, { graceSeconds: day }),
    ContainariumError,
  );
  await whileWaiting(
    daemon,
    "POST",
    "/v1/containers/alice/stop",
    () => client.containers.delete(username),
  );
  const { code, message } = await deleting;
  assertEquals([code, /marked as deleted|not be deleted/.test(message)], ["not_found", false]);
});

Deno.test("deleteLater() sends no stop to what is stopped, and nothing at all for a creation that failed", async () => {
  await using daemon = await startDaemon({
    containers: [{ username, state: "CONTAINER_STATE_STOPPED" }],
  });
  using client = await clientOf(daemon);
  await client.containers.deleteLater(username, { graceSeconds: day });
  assertEquals(daemon.count("POST", "/v1/containers/alice/stop"), 0);
  daemon.failNextCreate();
  await assertRejects(() => client.containers.create({ username: "bob" }), ContainariumError);
  const writes = () => daemon.requests.filter(({ method }) => method !== "GET").length;
  const before = writes();
  assertEquals(await client.containers.deleteLater("bob", { graceSeconds: day }), {});
  assertEquals(writes(), before);
});
