/** What a client reads from a daemon's answers, field by field, and what it asks for. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, type ListOptions } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

function answer(daemon: Daemon, path: string, body: unknown, status = 200): void {
  daemon.inject({ kind: "answer", method: "GET", path, status, body: JSON.stringify(body) });
}

Deno.test("list() asks the daemon for what it can filter by, and sorts by username", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const cases: readonly (readonly [ListOptions, string])[] = [
    [{}, ""],
    [{ username: "alice" }, "username=alice"],
    [{ state: "running" }, "state=CONTAINER_STATE_RUNNING"],
    [{ state: "stopped" }, "state=CONTAINER_STATE_STOPPED"],
    [{ state: "frozen" }, "state=CONTAINER_STATE_FROZEN"],
    [{ state: "creating" }, ""],
    [{ state: "failed" }, ""],
    [{ labels: { team: "dev", tier: "" } }, "labelFilter[team]=dev&labelFilter[tier]="],
    [{ backend: "far", pool: "gpu" }, ""],
  ];
  for (const [options, query] of cases) {
    await client.containers.list(options);
    const { path = "" } = daemon.requests.at(-1) ?? {};
    assertEquals(decodeURIComponent(path.split("?")[1] ?? ""), query);
  }
  const names = ["carol", "Alice", "bob", "bob", "alice"];
  answer(daemon, "/v1/containers", { containers: names.map((username) => ({ username })) });
  assertEquals(
    (await client.containers.list()).map(({ username }) => username),
    ["Alice", "alice", "bob", "bob", "carol"],
  );
});

Deno.test("list() keeps only what meets every condition, whatever the daemon returns", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const row = {
    username: "alice",
    state: "CONTAINER_STATE_RUNNING",
    labels: { team: "dev" },
    backendId: "far",
    pool: "gpu",
  };
  const all: ListOptions = {
    username: "alice",
    state: "running",
    labels: { team: "dev" },
    backend: "far",
    pool: "gpu",
  };
  const others: readonly ListOptions[] = [
    { username: "bob" },
    { state: "stopped" },
    { labels: { team: "ops" } },
    { labels: { team: "dev", tier: "gold" } },
    { labels: { team: "" } },
    { labels: { toString: "x" } },
    { backend: "near" },
    { pool: "cpu" },
  ];
  for (const options of [all, ...others]) {
    answer(daemon, "/v1/containers", { containers: [row] });
    const found = await client.containers.list({ ...all, ...options });
    assertEquals(found.length, options === all ? 1 : 0, JSON.stringify(options));
  }
});

Deno.test("metrics.get() and metrics.list() read every field, and the username from the name", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const metrics = [
    {
      name: "alice-container",
      cpuUsageSeconds: "1",
      memoryUsageBytes: "2",
      memoryPeakBytes: "3",
      diskUsageBytes: "4",
      networkRxBytes: "5",
      networkTxBytes: "6",
      processCount: 7,
    },
    { name: "containarium-core-db-container" },
    { name: "stray" },
    {},
  ];
  answer(daemon, "/v1/metrics", { metrics });
  const [alice, ...others] = await client.metrics.list();
  assertEquals(alice, {
    name: "alice-container",
    username: "alice",
    cpuSeconds: 1,
    memoryBytes: 2,
    memoryPeakBytes: 3,
    diskBytes: 4,
    networkRxBytes: 5,
    networkTxBytes: 6,
    processCount: 7,
  });
  assertEquals(others.map(({ name, username }) => [name, username]), [
    ["containarium-core-db-container", undefined],
    ["stray", undefined],
    ["", undefined],
  ]);
  answer(daemon, "/v1/metrics/alice", { metrics });
  assertEquals(await client.metrics.get("alice"), alice);
  answer(daemon, "/v1/metrics/alice", { metrics: [] });
  const error = await assertRejects(() => client.metrics.get("alice"), ContainariumError);
  assertEquals([error.code, error.message], ["not_found", "The daemon has no metrics for alice"]);
});

Deno.test("diagnose() reads every field, and lists only texts", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const path = "/v1/containers/alice/debug";
  answer(daemon, path, {
    containerState: "running",
    hostUserExists: true,
    hostUserShell: "/bin/bash",
    hostUserShellExists: true,
    sshIngressHost: "jump.example",
    likelyCause: "no key",
    nextActions: ["add a key", 1, null],
    recentSshdRejections: ["alice: no key", {}],
    daemonVersion: "0.67.0",
  });
  assertEquals(await client.containers.diagnose("alice"), {
    containerState: "running",
    hostUserExists: true,
    loginShell: "/bin/bash",
    loginShellExists: true,
    sshIngressHost: "jump.example",
    likelyCause: "no key",
    nextActions: ["add a key"],
    recentSshdRejections: ["alice: no key"],
    daemonVersion: "0.67.0",
  });
  answer(daemon, path, {});
  const { containerState, hostUserExists, nextActions, ...rest } = await client.containers.diagnose(
    "alice",
  );
  assertEquals([containerState, hostUserExists, nextActions], ["unknown", false, []]);
  assertEquals([rest.loginShellExists, rest.recentSshdRejections, rest.loginShell], [
    false,
    [],
    undefined,
  ]);
});

Deno.test("getFirewall() knows the daemon's presets, and no others", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const presets = {
    "ACL_PRESET_FULL_ISOLATION": "full_isolation",
    "ACL_PRESET_HTTP_ONLY": "http_only",
    "ACL_PRESET_PERMISSIVE": "permissive",
    "ACL_PRESET_CUSTOM": undefined,
    toString: undefined,
  };
  for (const [preset, firewall] of Object.entries(presets)) {
    answer(daemon, "/v1/containers/alice/acl", { acl: { preset } });
    assertEquals(await client.containers.getFirewall("alice"), firewall, preset);
  }
  answer(daemon, "/v1/containers/alice/acl", { acl: {} });
  assertEquals(await client.containers.getFirewall("alice"), undefined);
});

Deno.test("getFirewallInForce() needs the container's own rules in the topology", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const named = (name: string, aclName?: string) => ({ topology: { nodes: [{ name, aclName }] } });
  const cases = [
    ["attached", 200, named("alice-container", "acl-alice"), "http_only"],
    ["not attached", 200, named("alice-container", ""), undefined],
    ["without a name", 200, named("alice-container"), undefined],
    ["attached to another", 200, named("bob-container", "acl-bob"), undefined],
    ["nothing there", 200, { topology: { nodes: [] } }, undefined],
    ["not shown to this token", 403, { code: 7, message: "permission denied" }, undefined],
  ] as const;
  for (const [name, status, body, firewall] of cases) {
    await t.step(name, async () => {
      answer(daemon, "/v1/containers/alice/acl", { acl: { preset: "ACL_PRESET_HTTP_ONLY" } });
      answer(daemon, "/v1/network/topology", body, status);
      assertEquals(await client.containers.getFirewallInForce("alice"), firewall);
      assertEquals(daemon.requests.at(-1)?.path, "/v1/network/topology?includeStopped=true");
    });
  }
  await t.step("none is stored", async () => {
    answer(daemon, "/v1/containers/alice/acl", { acl: {} });
    assertEquals(await client.containers.getFirewallInForce("alice"), undefined);
    assertEquals(daemon.requests.at(-1)?.path, "/v1/containers/alice/acl");
  });
});

Deno.test("getForStop() refuses a container that the list lacks, if a stop could begin its deletion", async (t) => {
  const isRefused = {
    RUNNING: true,
    FROZEN: true,
    UNSPECIFIED: true,
    STOPPED: false,
    CREATING: false,
    PROVISIONING: false,
  };
  for (const [state, refused] of Object.entries(isRefused)) {
    await t.step(state, async () => {
      await using daemon = await startDaemon();
      using client = await clientOf(daemon);
      const container = {
        name: "alice-container",
        username: "alice",
        state: `CONTAINER_STATE_${state}`,
      };
      answer(daemon, "/v1/containers/alice", { container });
      const reading = client.containers.getForStop("alice");
      if (!refused) {
        assertEquals((await reading).username, "alice");
        return;
      }
      const { code, message, details } = await assertRejects(() => reading, ContainariumError);
      assertEquals([code, details], ["failed_precondition", { username: "alice" }]);
      assertEquals(
        message,
        "The daemon's list lacks alice-container, so whether a stop starts its deletion is not " +
          "known. Nothing was changed",
      );
    });
  }
});

Deno.test("getWhole() takes the times of the same container, of two with that name", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const alice = { username: "alice", state: "CONTAINER_STATE_STOPPED", createdAt: "1700000000" };
  const rows = [
    { ...alice, createdAt: "1600000000", deleteAfterStoppedSeconds: "60" },
    { ...alice, deleteAfterStoppedSeconds: "120" },
  ];
  answer(daemon, "/v1/containers/alice", { container: alice });
  answer(daemon, "/v1/containers", { containers: rows });
  assertEquals((await client.containers.getWhole("alice")).deleteAfterStoppedSeconds, 120);
  answer(daemon, "/v1/containers/alice", { container: { ...alice, createdAt: "1500000000" } });
  answer(daemon, "/v1/containers", { containers: rows });
  assertEquals((await client.containers.getWhole("alice")).deleteAfterStoppedSeconds, 60);
});

Deno.test("waitFor() reports each new state once, and ends at a failure or when its time is over", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const path = "/v1/containers/alice";
  const see = (...states: readonly string[]) => {
    for (const state of states) {
      answer(daemon, path, { container: { username: "alice", state: `CONTAINER_STATE_${state}` } });
    }
  };
  const seen: string[] = [];
  const onState = (state: string) => void seen.push(state);
  see("CREATING", "CREATING", "RUNNING");
  const { state } = await client.containers.waitFor("alice", "running", { onState });
  assertEquals([state, seen], ["running", ["creating", "running"]]);
  see("ERROR");
  assertEquals((await client.containers.waitFor("alice", "running")).state, "failed");
  see("STOPPED");
  const late = await client.containers.waitFor("alice", "running", { waitMs: 0 });
  assertEquals(late.state, "stopped");
});
