/** What `delete_containers` says of each container, and of what the daemon keeps under its name. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { ContainariumError } from "../../../client/mod.ts";
import { type Container, unseenContainer } from "../../../client/containers/container.ts";
import { deleteContainers } from "../../../tools/bulk/delete_containers.ts";
import {
  deletedForGood,
  deletionQuestion,
  deletionStep,
  type DeletionWork,
  doomedOf,
  refuseOtherCount,
} from "../../../tools/bulk/deletion.ts";
import type { Selected } from "../../../tools/bulk/selection.ts";
import { keepAll, keepSecret } from "../../client/leftovers/keep.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { ask, outcomes, refused, rowOf } from "./ask.ts";

const running = "CONTAINER_STATE_RUNNING";
const dayOfGrace = { env: { CONTAINARIUM_DELETE_GRACE: "24h" } };

Deno.test("delete_containers says nothing more of a container that is gone", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const answer = await ask(server, "delete_containers", { usernames: ["alice"] });
  assertEquals(answer.containers, [{ username: "alice", result: "done" }]);
  assertEquals([answer.next, daemon.state("alice")], [undefined, undefined]);
});

Deno.test("delete_containers says that a peer's protection could not be checked", async () => {
  await using hosts = await startTwoHosts({}, { containers: [{ username: "bob" }] });
  await using server = await connect(hosts.near);
  const answer = await ask(server, "delete_containers", { usernames: ["bob"] });
  assertEquals(answer.containers, [{
    username: "bob",
    result: "done",
    why: "whether it was protected could not be checked: it was on another host",
  }]);
});

Deno.test("delete_containers skips a container that another client deletes first", async (t) => {
  for (const [name, options] of [["for good", {}], ["with a grace", dayOfGrace]] as const) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      await using server = await connect(daemon, options);
      using other = await clientOf(daemon);
      const look = daemon.hold("GET", "/v1/containers/alice");
      const deleting = ask(server, "delete_containers", { usernames: ["alice"] });
      await look.reached;
      await other.containers.delete("alice");
      look.release();
      const { containers } = await deleting;
      const why = "there is no alice-container";
      assertEquals(containers, [{ username: "alice", result: "skipped", why }]);
    });
  }
});

Deno.test("delete_containers leaves a container that the daemon's routes cannot reach", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "labels1" }],
  });
  await using server = await connect(daemon);
  const args = { usernames: ["*"], "expected_count": 2 };
  const answer = await ask(server, "delete_containers", args);
  assertEquals(outcomes(answer), ["alice done", "labels1 failed"]);
  assertEquals(rowOf(answer, "labels1").code, "invalid_argument");
  assertEquals(daemon.state("labels1"), running);
  const none = await refused(server, "delete_containers", { ...args, "expected_count": 3 });
  assertStringIncludes(none, "the number of containers is 1 (labels1)");
});

Deno.test("delete_containers removes what the daemon keeps under each name", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await keepAll(daemon, "alice");
  await keepSecret(daemon, "bob", "TOKEN");
  await using server = await connect(daemon);
  const usernames = ["alice", "bob"];
  const plan = await ask(server, "delete_containers", { usernames, "dry_run": true });
  assertStringIncludes(rowOf(plan, "alice").why ?? "", "with its 50GB disk; also removed: ");
  assertEquals(rowOf(plan, "bob").why, "with its 50GB disk; also removed: secret TOKEN");
  using client = await clientOf(daemon);
  const { answer } = await changedBetween(
    deleteContainers,
    { usernames },
    contextOf(client),
    () => {},
  );
  assertEquals(answer?.containers.map(({ result }) => result), ["done", "done"]);
  assertStringIncludes(answer?.containers[1]?.why ?? "", "secret TOKEN");
  const left = await client.leftovers.list({ username: "bob" }, { kinds: ["secret"] });
  assertEquals(left.leftovers, []);
});

Deno.test("delete_containers keeps what the daemon keeps if asked to, and its plan lists none of it", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "bob" }] });
  await keepSecret(daemon, "bob", "TOKEN");
  await using server = await connect(daemon);
  const args = { usernames: ["bob"], "keep_leftovers": true };
  const plan = await ask(server, "delete_containers", { ...args, "dry_run": true });
  assertEquals(rowOf(plan, "bob").why, "with its 50GB disk");
  assertEquals(plan.next, undefined, "a number is needed only for selectors");
  await ask(server, "delete_containers", args);
  using client = await clientOf(daemon);
  const left = await client.leftovers.list({ username: "bob" }, { kinds: ["secret"] });
  assertEquals(left.leftovers.length, 1);
});

const listed = z.array(z.object({
  name: z.string(),
  inputSchema: z.object({ properties: z.record(z.string(), z.unknown()) }),
}));

Deno.test("delete_containers offers permanently only where a delete can be undone", async (t) => {
  for (const [options, isOffered] of [[{}, false], [dayOfGrace, true]] as const) {
    await t.step(isOffered ? "with a grace" : "without a grace", async () => {
      await using daemon = await startDaemon();
      await using server = await connect(daemon, options);
      const { tools } = await server.request("tools/list");
      const [tool] = listed.parse(tools).filter(({ name }) => name === "delete_containers");
      assert(tool !== undefined);
      assertEquals("permanently" in tool.inputSchema.properties, isOffered);
    });
  }
});

Deno.test("delete_containers with a grace plans when each is gone, and says how it comes back", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon, dayOfGrace);
  const args = { usernames: ["alice"] };
  const plan = rowOf(await ask(server, "delete_containers", { ...args, "dry_run": true }), "alice");
  assertEquals([plan.result, plan.state, plan.why, plan.next], [
    "planned",
    "running",
    "stopped, and gone in 1 d",
    undefined,
  ]);
  const next = "undelete_container brings it back until then";
  const done = rowOf(await ask(server, "delete_containers", args), "alice");
  assertEquals([done.result, done.state, done.next], ["done", "stopped", next]);
  const again = rowOf(await ask(server, "delete_containers", args), "alice");
  assertEquals([again.result, again.next], ["skipped", next]);
  assertStringIncludes(again.why ?? "", "deleted before: deleting in ");
});

const found = (username: string): Selected => ({
  kind: "found",
  container: { ...unseenContainer(username), state: "running" },
});

Deno.test("doomedOf() and deletedForGood() take only what exists and can be deleted", () => {
  const error = new ContainariumError("failed_precondition", "no");
  const selected: readonly Selected[] = [
    ...["good", "later", "already", "refused"].map(found),
    { kind: "missing", username: "gone", row: { username: "gone", result: "failed" } },
    { kind: "unreachable", row: { username: "labels", result: "failed" } },
  ];
  const doomed = doomedOf(selected, ({ username }) => {
    if (username === "later") return { kind: "recoverable", graceSeconds: 60 };
    if (username === "already") return { kind: "already", graceSeconds: 60 };
    return username === "refused" ? { kind: "refused", error } : { kind: "permanent" };
  });
  assertEquals(doomed.map(({ container, graceSeconds }) => [container.username, graceSeconds]), [
    ["good", undefined],
    ["later", 60],
  ]);
  assertEquals(deletedForGood(doomed).map(({ username }) => username), ["good"]);
});

/** What a step did, and its row. */
async function ended(
  agreed: Parameters<typeof deletionStep>[1],
  work: Partial<DeletionWork>,
): Promise<readonly [row: unknown, did: readonly unknown[]]> {
  const did: unknown[] = [];
  const step = deletionStep(found("alice"), agreed, new Map(), {
    plan: () => ({ kind: "permanent" }),
    deleteLater: (username, _agreed, graceSeconds) => {
      did.push(["delete later", username, graceSeconds]);
      return Promise.resolve(undefined);
    },
    delete: (username, agreed) => {
      did.push(["delete", username, agreed?.container?.username]);
      return Promise.resolve({ deleted: true, name: "alice-container", protectionChecked: true });
    },
    isKept: false,
    clean: ({ username }, agreed) => {
      did.push(["clean", username, agreed]);
      return Promise.resolve({ removed: [], remaining: [], unread: [] });
    },
    ...work,
  });
  assert(step.kind === "act");
  return [await step.act(), did];
}

Deno.test("deletionStep() removes nothing of what the daemon keeps if nobody was asked", async () => {
  assertEquals(await ended(undefined, {}), [
    { username: "alice", result: "done", why: undefined },
    [["delete", "alice", undefined], ["clean", "alice", []]],
  ]);
});

Deno.test("deletionStep() deletes as was agreed, whatever is planned by now", async () => {
  const container: Container = { ...unseenContainer("alice"), state: "running" };
  const agreedTo = (graceSeconds?: number) =>
    new Map([["alice", { container, leftovers: [], graceSeconds }]]);
  const [, later] = await ended(agreedTo(60), {});
  assertEquals(later, [["delete later", "alice", 60]]);
  const [, forGood] = await ended(agreedTo(), {
    plan: () => ({ kind: "recoverable", graceSeconds: 60 }),
  });
  assertEquals(forGood, [["delete", "alice", "alice"], ["clean", "alice", []]]);
});

Deno.test("deletionStep() gives each reason why a deletion is not quite done", async () => {
  const times = { createdAt: undefined, updatedAt: undefined };
  const token = { name: "TOKEN", version: 1, delivery: "env", ...times } as const;
  const [row] = await ended(undefined, {
    delete: () =>
      Promise.resolve({ deleted: true, name: "alice-container", protectionChecked: false }),
    clean: () =>
      Promise.resolve({
        removed: [{ kind: "secret", secret: token }],
        remaining: [],
        unread: [],
      }),
  });
  assertEquals(row, {
    username: "alice",
    result: "done",
    why: "whether it was protected could not be checked: it was on another host; " +
      "also removed: secret TOKEN",
  });
});

Deno.test("deletionQuestion() asks at once about what is lost and what can be recovered", () => {
  const doomed = (username: string, graceSeconds?: number) => ({
    container: { ...unseenContainer(username), state: "running", disk: "50GB" } as const,
    graceSeconds,
  });
  const lost = "Delete 1 container and everything on its disk, permanently: alice-container ";
  const only = deletionQuestion([doomed("alice")], new Map(), false);
  assert(only.message.startsWith(lost), only.message);
  assertEquals(only.confirm, "Delete 1 container");
  const back = deletionQuestion([doomed("bob", 60)], new Map(), false).message;
  assertEquals(back.includes("permanently"), false, back);
  const both = deletionQuestion([doomed("alice"), doomed("bob", 60)], new Map(), false);
  assert(both.message.startsWith(`${only.message} `), both.message);
  assert(both.message.length > only.message.length + 10 && both.message.includes("bob"));
  assertEquals(both.confirm, "Delete 2 containers");
  const accounts = deletionQuestion([doomed("caddy"), doomed("sudo")], new Map(), false).message;
  for (const name of ["caddy", "sudo"]) {
    assertStringIncludes(accounts, ` "${name}" is a SYSTEM ACCOUNT of the host`);
  }
  assertEquals(/it too\. "sudo"/.test(accounts), true, accounts);
});

Deno.test("refuseOtherCount() needs a number for selectors, and the right one in any case", () => {
  const two = [found("a"), found("b")];
  const refusal = (...args: Parameters<typeof refuseOtherCount>) => {
    try {
      refuseOtherCount(...args);
    } catch (error) {
      return error instanceof ContainariumError && `${error.code}: ${error.message}`;
    }
  };
  assertEquals(refusal({ usernames: ["a", "b"] }, two, undefined), undefined);
  assertEquals(refusal({ usernames: ["a", "b"] }, two, 2), undefined);
  assertEquals(refusal({ state: "running" }, two, 2), undefined);
  const needs = "invalid_argument: Deleting by selector needs expected_count, the number of " +
    "matching containers. Now that is 2 (a, b). Nothing was deleted";
  for (
    const args of [{ usernames: ["*"] }, { state: "running" }, { labels: { a: "b" } }] as const
  ) {
    assertEquals(refusal(args, two, undefined), needs);
  }
  assertEquals(
    refusal({ usernames: ["a", "b"] }, two, 1),
    "invalid_argument: expected_count is 1, but the number of containers is 2 (a, b). Nothing was " +
      "deleted",
  );
  assertStringIncludes(`${refusal({ state: "running" }, [], 1)}`, "is 0 (none)");
  assertEquals(refusal({ labels: {} }, two, undefined), undefined, "no labels select nothing");
});

Deno.test("delete_containers plans nothing for what matches nothing, and needs no number", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const plan = await ask(server, "delete_containers", { usernames: ["*"], "dry_run": true });
  assertEquals([plan.containers, plan.next], [
    [],
    "list_containers shows which containers there are",
  ]);
});

Deno.test("delete_containers records with what tool a container was deleted", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon, dayOfGrace);
  await ask(server, "delete_containers", { usernames: ["alice"] });
  using client = await clientOf(daemon);
  assertEquals((await client.containers.get("alice")).deletion?.why, "delete_containers");
});
