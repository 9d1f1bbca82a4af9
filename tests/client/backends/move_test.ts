import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError, type MoveOptions } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts, type TwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";

const containers = [{ username: "alice" }];
const movePath = "/v1/containers/alice/move";

async function refusal(
  daemon: Daemon,
  target = "far",
  options: MoveOptions = {},
): Promise<ContainariumError> {
  using client = await clientOf(daemon);
  return await assertRejects(
    () => client.backends.move("alice", target, options),
    ContainariumError,
  );
}

function states({ near, far }: TwoHosts): readonly (string | undefined)[] {
  return [near.state("alice"), far.state("alice")];
}

Deno.test("move() sends the request once and returns where the container is", async () => {
  await using hosts = await startTwoHosts({ containers });
  using client = await clientOf(hosts.near);

  const moved = await client.backends.move("alice", "far", { maxIterations: 2 });

  assert(moved.kind === "moved");
  assertEquals([moved.from, moved.isLeftBehind], ["near", false]);
  assertEquals([moved.downtimeSeconds, moved.iterations], [0, 3]);
  assertEquals([moved.container.backendId, moved.container.state], ["far", "running"]);
  assertEquals(states(hosts), [undefined, "CONTAINER_STATE_RUNNING"]);
  assertEquals(
    hosts.near.requests.filter(({ method }) => method === "POST").map((
      { path, body },
    ) => [path, body]),
    [[movePath, '{"targetBackendId":"far","maxIterations":2}']],
  );
});

Deno.test("move() refuses what cannot be moved before anything is sent", async (t) => {
  await using hosts = await startTwoHosts(
    { containers: [...containers, { username: "twin" }] },
    { containers: [{ username: "bob" }, { username: "twin" }] },
  );
  using client = await clientOf(hosts.near);
  const cases = [
    ["alice", "fat", "invalid_argument", 'no backend "fat"; there are near, far'],
    ["alice", "near", "failed_precondition", "is already on near"],
    ["nobody", "far", "not_found", "No container for nobody on any backend"],
    ["bob", "near", "failed_precondition", "only that host's own daemon can move it away"],
    ["twin", "far", "conflict", "several containers for twin: on near (running) and far (running)"],
  ] as const;
  for (const [username, target, code, words] of cases) {
    await t.step(words, async () => {
      const error = await assertRejects(
        () => client.backends.move(username, target),
        ContainariumError,
      );
      assertEquals(error.code, code);
      assertStringIncludes(error.message, words);
    });
  }
  assertEquals(hosts.near.count("POST"), 0);
});

Deno.test("move() on a daemon without other backends is refused", async (t) => {
  for (const options of [{}, { cluster: "alone" }, { version: "0.6.0" }] as const) {
    await t.step(JSON.stringify(options), async () => {
      await using daemon = await startDaemon({ ...options, containers });
      const error = await refusal(daemon);
      assertEquals(error.code, "failed_precondition");
      assertStringIncludes(error.message, "knows no other backends");
      assertEquals(daemon.count("POST"), 0);
    });
  }
});

Deno.test("move() to an unhealthy host is not started", async () => {
  await using daemon = await startDaemon({ containers, cluster: { peers: [{ id: "far" }] } });
  const error = await refusal(daemon);
  assertStringIncludes(error.message, "far is not healthy. Nothing was moved");
});

Deno.test("move() continues after the wait, and the same call joins it", async () => {
  await using hosts = await startTwoHosts({ containers });
  using client = await clientOf(hosts.near);
  const moving = hosts.near.holdPhase("moving");

  assertEquals(await client.backends.move("alice", "far", { waitMs: 0 }), { kind: "moving" });
  await moving.reached;
  const elsewhere = await assertRejects(
    () => client.backends.move("alice", "near"),
    ContainariumError,
  );
  assertStringIncludes(elsewhere.message, "The move of alice-container to far is in progress");
  const end = client.backends.move("alice", "far");
  moving.release();

  assertEquals((await end).kind, "moved");
  assertEquals(hosts.near.count("POST", movePath), 1);
});

Deno.test("move() continues after its call is aborted, and disposing the client does not wait for it", async () => {
  await using hosts = await startTwoHosts({ containers });
  using client = await clientOf(hosts.near);
  const moving = hosts.near.holdPhase("moving");
  const caller = new AbortController();
  const given = client.backends.move("alice", "far", { signal: caller.signal });
  await moving.reached;
  caller.abort();
  await assertRejects(() => given, ContainariumError);
  assertEquals(await client.backends.move("alice", "far", { waitMs: 0 }), { kind: "moving" });
  moving.release();
  await hosts.near.when("alice", undefined);
  assertEquals(hosts.near.count("POST", movePath), 1);
});

Deno.test("move() reports a failure that nobody waited for to the next call, which starts no second move", async () => {
  await using hosts = await startTwoHosts({ containers });
  using client = await clientOf(hosts.near);
  const moving = hosts.near.holdPhase("moving");
  hosts.far.inject({ kind: "answer", method: "POST", path: /adopt$/, status: 500, body: "no" });
  await client.backends.move("alice", "far", { waitMs: 0 });
  await moving.reached;
  moving.release();
  await hosts.near.idle();
  const error = await assertRejects(
    () => client.backends.move("alice", "far"),
    ContainariumError,
  );
  assertStringIncludes(error.message, "phase 3: adopt on target");
  assertEquals(hosts.near.count("POST", movePath), 1);
});

Deno.test("move() with a lost response is ambiguous unless the container is on the target", async (t) => {
  await t.step("it is there", async () => {
    await using hosts = await startTwoHosts({ containers });
    hosts.near.dropNext("POST", "after-read", movePath);
    using client = await clientOf(hosts.near);
    const moved = await client.backends.move("alice", "far");
    assert(moved.kind === "moved");
    assertEquals([moved.container.backendId, moved.downtimeSeconds], ["far", undefined]);
    assertEquals(hosts.near.count("POST", movePath), 1);
  });
  await t.step("it is still here", async () => {
    await using hosts = await startTwoHosts({ containers });
    hosts.near.inject({ kind: "answer", method: "POST", path: movePath, status: 504, body: "" });
    const error = await refusal(hosts.near);
    assertEquals(error.code, "ambiguous");
    assertStringIncludes(error.message, "alice-container is on near and running now; the move may");
  });
});

Deno.test("move() that fails reports the container's state and host", async () => {
  await using hosts = await startTwoHosts({ containers });
  hosts.far.inject({
    kind: "answer",
    method: "POST",
    path: "/v1/containers/alice/adopt",
    status: 500,
    body: "no",
  });
  const error = await refusal(hosts.near);
  assertEquals(error.code, "internal");
  assertStringIncludes(error.message, "phase 3: adopt on target: peer adopt RPC returned 500: no");
  assertStringIncludes(error.message, "on near (running) and far (stopped)");
  assertEquals(states(hosts), ["CONTAINER_STATE_RUNNING", "CONTAINER_STATE_STOPPED"]);
});

Deno.test("move() is ambiguous if the daemon reports success and no host lists the container", async () => {
  await using hosts = await startTwoHosts({ containers });
  const body = JSON.stringify({ message: "moved", targetBackendId: "far" });
  hosts.near.inject({ kind: "answer", method: "POST", path: movePath, status: 200, body });
  const error = await refusal(hosts.near);
  assertEquals(error.code, "ambiguous");
  assertStringIncludes(error.message, "was moved to far, but alice-container is on near");
});
