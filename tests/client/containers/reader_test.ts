import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

/** The daemon's next answer to a read. */
function answer(daemon: Daemon, path: string, body: unknown, status = 200): void {
  daemon.inject({ kind: "answer", method: "GET", path, status, body: JSON.stringify(body) });
}

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

Deno.test("each read of containers and metrics is sent again after a lost connection", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", staticIp: true }],
  });
  using client = await clientOf(daemon);
  const { containers, metrics } = client;
  const reads = {
    list: () => containers.list(),
    getRaw: () => containers.getRaw("alice"),
    diagnose: () => containers.diagnose("alice"),
    getFirewall: () => containers.getFirewall("alice"),
    "metrics.list": () => metrics.list(),
    "metrics.get": () => metrics.get("alice"),
  } as const;
  for (const [name, read] of Object.entries(reads)) {
    await t.step(name, async () => {
      const { length: before } = daemon.requests;
      daemon.dropNext("GET", "after-read");
      await read();
      assertEquals(daemon.requests.length, before + 2);
    });
  }
});

Deno.test("what is not of the daemon's form is named", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const { containers } = client;
  const cases = [
    ["GET", "/v1/containers/alice/acl", { acl: 5 }, () => containers.getFirewall("alice"), "acl"],
    [
      "GET",
      "/v1/containers/alice/debug",
      { nextActions: 5 },
      () => containers.diagnose("alice"),
      "list",
    ],
    [
      "POST",
      "/v1/containers/alice/attribution",
      { labels: 5 },
      () => containers.setLabels("alice", { team: "dev" }),
      "labels",
    ],
  ] as const;
  for (const [method, path, body, call, name] of cases) {
    await t.step(name, async () => {
      daemon.inject({ kind: "answer", method, path, status: 200, body: JSON.stringify(body) });
      const { message } = await assertRejects(call, ContainariumError);
      assertEquals(message.includes(`"${name}"`), true, message);
    });
  }
});
