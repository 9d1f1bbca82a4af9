/** How failures are explained that a daemon hides when it forwards to its peers. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { type Container, unseenContainer } from "../../../client/containers/container.ts";
import {
  expectPassedOn,
  notFoundOrSilent,
  settingsOnPeer,
} from "../../../client/containers/on_peer.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";

const username = "alice";
const createdAt = new Date("2026-01-01T00:00:00Z");
const alice: Container = { ...unseenContainer(username), state: "running", createdAt };
const onFar: Container = { ...alice, createdAt: undefined, backendId: "far" };

Deno.test("expectPassedOn() finds what a peer did not do, and lets be what is unknown", () => {
  const doubted = (container: Container, wanted: "running" | "stopped") => {
    try {
      expectPassedOn(container, wanted);
    } catch (error) {
      assert(error instanceof ContainariumError && error.code === "internal");
      return error.message;
    }
  };
  assertEquals(doubted(onFar, "running"), undefined);
  assertEquals(doubted({ ...onFar, state: "unknown" }, "running"), undefined);
  assertEquals(doubted(alice, "stopped"), undefined, "of this host its own answer holds");
  const words = (where: string) =>
    `The daemon reports that alice-container is stopped on ${where}, but it is running there: the ` +
    "backend refused, and the daemon does not report why";
  assertEquals(doubted(onFar, "stopped"), words("far"));
  assertEquals(doubted({ ...onFar, backendId: undefined }, "stopped"), words("another backend"));
});

Deno.test("notFoundOrSilent() and settingsOnPeer() explain a not_found of a peer's container only", () => {
  const error = new ContainariumError("not_found", "no such container");
  assertEquals(notFoundOrSilent(error, "stop", undefined), error);
  assertEquals(notFoundOrSilent(error, "stop", alice), error);
  const silent = notFoundOrSilent(error, "stop", onFar);
  assertEquals([silent.code, silent.message], [
    "ambiguous",
    "alice-container is on far, which did not answer to the stop within the 30 s that the daemon " +
    "waits: it may still be carried out. It is running now",
  ]);
  const unnamed = notFoundOrSilent(error, "start", { ...onFar, backendId: undefined });
  assertEquals(unnamed.message.startsWith("alice-container is on another backend, which"), true);

  const others: readonly (readonly [unknown, Container])[] = [
    [error, alice],
    [error, { ...onFar, backendId: undefined }],
    [error, { ...alice, backendId: "near" }],
    [new ContainariumError("conflict", "busy"), onFar],
    [new Error("a bug"), onFar],
  ];
  for (const [thrown, before] of others) assertEquals(settingsOnPeer(thrown, before), thrown);
  const explained = settingsOnPeer(error, onFar);
  assert(explained instanceof ContainariumError);
  assertEquals([explained.code, explained.reason, explained.details], [
    "failed_precondition",
    "other_host",
    { username, backend: "far" },
  ]);
  assertEquals(explained.cause, error);
});

Deno.test("delete() of a peer's container that the peer does not answer for says what became of it", async (t) => {
  const cases = [
    ["gone", undefined, ". It is gone now"],
    [
      "still there",
      "CONTAINER_STATE_STOPPED",
      ". It is on far and stopped; only that backend's log says why",
    ],
  ] as const;
  for (const [name, state, end] of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon();
      using client = await clientOf(daemon);
      const of = (state: string) => ({
        container: { username, state, name: "alice-container", backendId: "far" },
      });
      const path = "/v1/containers/alice";
      const says = (body: unknown) =>
        daemon.inject({
          kind: "answer",
          method: "GET",
          path,
          status: 200,
          body: JSON.stringify(body),
        });
      says(of("CONTAINER_STATE_RUNNING"));
      const hold = daemon.hold("DELETE", path);
      const deleting = assertRejects(() => client.containers.delete(username), ContainariumError);
      await hold.reached;
      daemon.inject({
        kind: "answer",
        method: "DELETE",
        path,
        status: 500,
        body: '{"error":"no"}',
      });
      if (state !== undefined) says(of(state));
      hold.release();
      const { message } = await deleting;
      assertEquals(message.endsWith(end), true, message);
    });
  }
});

Deno.test("start() fails if the peer refuses, although the daemon reports success", async () => {
  await using hosts = await startTwoHosts({}, {
    containers: [{ username, state: "CONTAINER_STATE_STOPPED" }],
  });
  using client = await clientOf(hosts.near);
  hosts.far.inject({ kind: "answer", status: 500, body: '{"error":"no"}', method: "POST" });
  const error = await assertRejects(() => client.containers.start(username), ContainariumError);
  assertEquals(error.message.includes("is running on far, but it is stopped there"), true);
});
