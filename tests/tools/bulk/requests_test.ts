/** What each bulk tool sends, and what it says of work that its answer does not wait for. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { createContainers } from "../../../tools/bulk/create_containers.ts";
import { deleteContainers } from "../../../tools/bulk/delete_containers.ts";
import { selection } from "../../../tools/bulk/selection.ts";
import { startContainers } from "../../../tools/bulk/start_containers.ts";
import { stopContainers } from "../../../tools/bulk/stop_containers.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { ask, outcomes, refused, rowOf } from "./ask.ts";

const stopped = "CONTAINER_STATE_STOPPED";
const seeds = {
  "create_containers": [],
  "start_containers": [{ username: "a", state: stopped }, { username: "b", state: stopped }],
  "stop_containers": [{ username: "a" }, { username: "b" }],
  "delete_containers": [{ username: "a" }, { username: "b" }],
} as const;

Deno.test("each bulk tool names itself and what shows the state of what it does not wait for", async (t) => {
  const cases = [
    [
      "create_containers",
      "POST",
      "/v1/containers",
      'it continues on its own: get_container(username="a", wait_for="running")',
    ],
    [
      "start_containers",
      "POST",
      "/v1/containers/a/start",
      'get_container(username="a") shows its state',
    ],
    [
      "stop_containers",
      "POST",
      "/v1/containers/a/stop",
      'get_container(username="a") shows its state',
    ],
    ["delete_containers", "DELETE", "/v1/containers/a", "list_containers shows whether it is gone"],
  ] as const;
  for (const [tool, method, path, next] of cases) {
    await t.step(tool, async () => {
      await using daemon = await startDaemon({ containers: [...seeds[tool]] });
      await using server = await connect(daemon, { env: { CONTAINARIUM_BULK_CONCURRENCY: "1" } });
      const hold = daemon.hold(method, path);
      const answer = await ask(server, tool, { usernames: ["a", "b"], "wait_seconds": 0 });
      assertEquals(outcomes(answer), ["a unknown", "b cancelled"]);
      assertEquals(rowOf(answer, "a").next, next);
      assertEquals(answer.next, `call ${tool} again for those not started: ["b"]`);
      hold.release();
      await server.whenStderr(`${tool}, after its answer: a: done`);
    });
  }
});

Deno.test("delete_containers with a grace names what shows that one is being deleted", async () => {
  await using daemon = await startDaemon({ containers: [...seeds.delete_containers] });
  const env = { CONTAINARIUM_BULK_CONCURRENCY: "1", CONTAINARIUM_DELETE_GRACE: "24h" };
  await using server = await connect(daemon, { env });
  const hold = daemon.hold("POST", "/v1/containers/a/stop");
  const args = { usernames: ["a", "b"], "wait_seconds": 0 };
  const answer = await ask(server, "delete_containers", args);
  assertEquals(
    [rowOf(answer, "a").result, rowOf(answer, "a").next],
    ["unknown", "list_containers shows whether it is being deleted"],
  );
  hold.release();
  await server.whenStderr("delete_containers, after its answer: a: done");
});

Deno.test("stop_containers sends force only if requested", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "a" }, { username: "b" }] });
  await using server = await connect(daemon);
  await ask(server, "stop_containers", { usernames: ["a"] });
  await ask(server, "stop_containers", { usernames: ["b"], force: true });
  const bodies = daemon.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  assertEquals(bodies, ["{}", '{"force":true}']);
});

Deno.test("stop_containers starts no deletion that was not agreed to", async () => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  await using daemon = await startDaemon({
    containers: [{ username: "a", createdAt }, { username: "b", createdAt }],
  });
  using client = await clientOf(daemon);
  const { question, answer } = await changedBetween(
    stopContainers,
    { usernames: ["a", "b"] },
    contextOf(client),
    () => daemon.replace({ username: "a", deleteAfterStoppedSeconds: 60 }),
  );
  assertEquals(question, undefined);
  assertEquals(answer?.containers.map(({ username, result }) => `${username} ${result}`), [
    "a failed",
    "b done",
  ]);
  assertEquals([daemon.state("a"), daemon.state("b")], ["CONTAINER_STATE_RUNNING", stopped]);
});

Deno.test("a bulk tool sends nothing for a call that is cancelled before it begins", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "a" }] });
  using client = await clientOf(daemon);
  const context = { ...contextOf(client), signal: AbortSignal.abort() };
  const usernames = ["a"];
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "create_containers": () =>
      createContainers.run(createContainers.input.parse({ usernames: ["b"] }), context),
    "start_containers": () =>
      startContainers.run(startContainers.input.parse({ usernames }), context),
    "stop_containers": () => stopContainers.run(stopContainers.input.parse({ usernames }), context),
    "delete_containers": () =>
      deleteContainers.run(deleteContainers.input.parse({ usernames }), context),
  };
  for (const [tool, call] of Object.entries(calls)) {
    await t.step(tool, async () => {
      const error = await assertRejects(call, ContainariumError);
      assertEquals([error.code, daemon.requests], ["cancelled", []]);
    });
  }
});

Deno.test("bulk tools select by the states that the daemon can filter by, and no others", () => {
  for (const state of ["running", "stopped", "frozen", undefined]) {
    assertEquals(selection.state.safeParse(state).success, true, state);
  }
  for (const state of ["creating", "failed", "unknown", ""]) {
    assertEquals(selection.state.safeParse(state).success, false, state);
  }
});

Deno.test("start_containers without a match says what shows which containers there are", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  for (const dryRun of [true, false]) {
    const answer = await ask(server, "start_containers", { usernames: ["*"], "dry_run": dryRun });
    assertEquals([answer.totals, answer.isError], [{}, false]);
    assertEquals(answer.next, "list_containers shows which containers there are");
  }
});

Deno.test("stop_containers and start_containers say nothing more of what went as asked", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "a" }] });
  await using server = await connect(daemon);
  for (const [tool, state] of [["stop_containers", "stopped"], ["start_containers", "running"]]) {
    for (const dryRun of [true, false]) {
      const answer = await ask(server, `${tool}`, { usernames: ["a"], "dry_run": dryRun });
      const { why, next, code } = rowOf(answer, "a");
      assertEquals([why, next, code, answer.next], Array(4).fill(undefined));
      if (!dryRun) assertEquals(rowOf(answer, "a").state, state);
    }
    const again = rowOf(await ask(server, `${tool}`, { usernames: ["a"] }), "a");
    assertEquals([again.result, again.why], ["skipped", `it was already ${state}`]);
    const listed = rowOf(await ask(server, `${tool}`, { usernames: ["a"], "dry_run": true }), "a");
    assert(listed.result === "skipped" && listed.why === `it was already ${state}`);
  }
});

Deno.test("stop_containers asks about the deletions that it starts, and starts those", async () => {
  const doomed = { username: "a", deleteAfterStoppedSeconds: 3_600 };
  await using daemon = await startDaemon({ containers: [doomed] });
  using client = await clientOf(daemon);
  const args = { usernames: ["a"] };
  const { question, answer } = await changedBetween(
    stopContainers,
    args,
    contextOf(client),
    () => {},
  );
  assert(question !== undefined);
  assertEquals(answer?.containers.map(({ result }) => result), ["done"]);
  await client.containers.start("a");
  const whole = stopContainers.input.parse(args);
  const unasked = await stopContainers.run(whole, contextOf(client));
  assertEquals(unasked.containers.map(({ result }) => result), ["done"]);
  const planned = { ...whole, "dry_run": true };
  assertEquals(await stopContainers.consent?.(planned, contextOf(client)), undefined);
});

Deno.test("bulk tools wait up to an hour", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  for (const seconds of [0, 3_600]) {
    const args = { usernames: ["*"], "wait_seconds": seconds };
    assertEquals((await ask(server, "start_containers", args)).totals, {});
  }
  for (const seconds of [-1, 3_601]) {
    const args = { usernames: ["*"], "wait_seconds": seconds };
    const text = await refused(server, "start_containers", args);
    assertEquals(text.includes("wait_seconds: expected 0 to 3600 seconds"), true, text);
  }
});

Deno.test("bulk tools are off for a token that may only read containers, or only change them", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "a" }] });
  for (const scope of ["containers:read", "containers:write"]) {
    const token = await daemon.token({ scopes: [scope] });
    await using server = await connect({ url: daemon.url, token });
    for (const tool of Object.keys(seeds)) {
      await t.step(`${tool} with ${scope}`, async () => {
        const { isError, text } = await server.call(tool, { usernames: ["a"] });
        const missing = scope === "containers:read" ? "containers:write" : "containers:read";
        assertEquals([isError, text.includes(missing)], [true, true], text);
      });
    }
  }
  assertEquals([daemon.count("POST"), daemon.count("DELETE")], [0, 0]);
});
