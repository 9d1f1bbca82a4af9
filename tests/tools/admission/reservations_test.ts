import { assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError, type Container } from "../../../client/mod.ts";
import { unseenContainer } from "../../../client/containers/container.ts";
import type { Demand } from "../../../tools/admission/demand.ts";
import { QuotaGuard } from "../../../tools/admission/guard.ts";
import { PendingDemands } from "../../../tools/admission/reservations.ts";
import { clientOf } from "../../client/connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const create = (username: string): Demand => ({ kind: "create", username, labels: {} });
const resize = (username: string): Demand => ({ kind: "resize", username, labels: {} });
const running = (username: string): Container => ({
  ...unseenContainer(username),
  state: "running",
});

/** Whose demands are pending after a list that was requested now. */
async function pendingAfter(
  pending: PendingDemands,
  client: ContainariumClient,
  listed: readonly Container[],
  askedAt = performance.now() + 1,
): Promise<readonly string[]> {
  await pending.drop(client, listed, askedAt, {});
  return pending.all.map(({ username }) => username);
}

Deno.test("PendingDemands counts a creation until a list shows it that was requested afterwards", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const pending = new PendingDemands();
  const reservation = pending.add([create("alice"), create("bob")]);
  const before = performance.now();
  assertEquals(pending.of("alice"), [create("alice")]);
  await reservation.run("alice", () => Promise.resolve());
  const all = ["alice", "bob"];
  assertEquals(await pendingAfter(pending, client, [running("alice")], before), all);
  const creating = unseenContainer("alice");
  assertEquals(await pendingAfter(pending, client, [running("bob"), creating]), all);
  assertEquals(await pendingAfter(pending, client, [running("bob"), running("alice")]), ["bob"]);
  reservation[Symbol.dispose]();
  assertEquals(await pendingAfter(pending, client, []), []);
});

Deno.test("PendingDemands asks for a creation that no list shows: old daemons list none that is going on", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const pending = new PendingDemands();
  const reservation = pending.add([create("alice"), create("bob")]);
  for (const username of ["alice", "bob"]) {
    await reservation.run(username, () => Promise.resolve());
  }
  const hold = daemon.holdPhase("creating", "alice");
  const creation = client.containers.create({ username: "alice" });
  await hold.reached;
  // Bob's came to nothing, and is not there.
  assertEquals(await pendingAfter(pending, client, []), ["alice"]);
  hold.release();
  await creation;
});

Deno.test("PendingDemands stops counting what certainly failed, and goes on with what may have happened", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const cases = [
    ["conflict", create, []],
    ["ambiguous", create, ["alice"]],
    ["timeout", create, ["alice"]],
    ["cancelled", create, ["alice"]],
    ["conflict", resize, []],
    ["ambiguous", resize, ["alice"]],
  ] as const;
  for (const [code, demand, expected] of cases) {
    const pending = new PendingDemands();
    const reservation = pending.add([demand("alice")]);
    const error = new ContainariumError(code, "no");
    await assertRejects(
      () => reservation.run("alice", () => Promise.reject(error)),
      ContainariumError,
    );
    assertEquals(await pendingAfter(pending, client, []), expected, code);
    reservation[Symbol.dispose]();
    assertEquals(await pendingAfter(pending, client, []), expected, code);
    // After a minute, nothing is on its way any more.
    assertEquals(await pendingAfter(pending, client, [], performance.now() + 61_000), []);
  }
  const pending = new PendingDemands();
  const unknown = pending.add([create("alice")]);
  await assertRejects(() => unknown.run("alice", () => Promise.reject(new Error("?"))), Error);
  assertEquals(await pendingAfter(pending, client, []), ["alice"]);
});

Deno.test("PendingDemands counts a failed change until the next list, and a failed creation no more", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const pending = new PendingDemands();
  const reservation = pending.add([create("alice"), resize("bob")]);
  const before = performance.now();
  const error = new ContainariumError("conflict", "no");
  for (const username of ["alice", "bob"]) {
    await assertRejects(
      () => reservation.run(username, () => Promise.reject(error)),
      ContainariumError,
    );
  }
  assertEquals(await pendingAfter(pending, client, [], before), ["bob"]);
});

Deno.test("PendingDemands leaves what is in progress to itself when its reservation ends", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const pending = new PendingDemands();
  const { promise, resolve } = Promise.withResolvers<void>();
  const reservation = pending.add([create("alice"), create("bob")]);
  const work = reservation.run("alice", () => promise);
  reservation[Symbol.dispose]();
  assertEquals(await pendingAfter(pending, client, []), ["alice"]);
  resolve();
  await work;
  assertEquals(await pendingAfter(pending, client, [running("alice")]), []);
});

Deno.test("QuotaGuard without quotas waits for no turn, and has room for everything", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const guard = new QuotaGuard();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = guard.inTurn(client, undefined, {}, () => promise);
  await guard.inTurn(client, undefined, {}, async (turn) => {
    assertEquals((await turn.listed()).map(({ username }) => username), ["alice"]);
    await turn.listed();
    assertEquals(daemon.count("GET", "/v1/containers"), 1);
    assertEquals(await turn.usages(), []);
    using reservation = await turn.take([create("bob")]);
    assertEquals(await reservation.run("bob", () => Promise.resolve(7)), 7);
  });
  resolve();
  await first;
  const before = daemon.requests.length;
  using nothing = await guard.take(client, undefined, [create("bob")], {});
  assertEquals(await nothing.run("bob", () => Promise.resolve(8)), 8);
  assertEquals(daemon.requests.length, before);
});
