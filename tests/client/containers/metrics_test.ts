import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

Deno.test("metrics.get() and metrics.list() return numbers", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
  });
  using client = await clientOf(daemon);
  const all = await client.metrics.list();
  assertEquals(all.map(({ username }) => username).sort(), ["alice", "bob"]);
  const alice = await client.metrics.get("alice");
  assertEquals(alice.name, "alice-container");
  assert(alice.memoryBytes > 0 && alice.processCount > 0);
  const bob = await client.metrics.get("bob");
  assertEquals([bob.cpuSeconds, bob.memoryBytes, bob.processCount], [0, 0, 0]);
  const error = await assertRejects(() => client.metrics.get("carol"), ContainariumError);
  assertEquals(error.code, "not_found");
});

Deno.test("system.info() requires the admin role", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], cpus: 8 });
  using admin = await clientOf(daemon);
  const { host, peers } = await admin.system.info();
  assertEquals(host.cpus, 8);
  assertEquals(host.containersTotal, 1);
  assertEquals(host.daemonVersion, "0.67.0");
  assert(host.memoryBytes > host.memoryAvailableBytes);
  assertEquals(peers, []);
  using alice = await clientOf(daemon, { token: await daemon.token({ username: "alice" }) });
  const error = await assertRejects(() => alice.system.info(), ContainariumError);
  assertEquals(error.code, "permission_denied");
});

Deno.test("metrics.get() and metrics.list() read every field, and the username from the name", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const says = (path: string, answer: unknown) =>
    daemon.inject({
      kind: "answer",
      method: "GET",
      path,
      status: 200,
      body: JSON.stringify(answer),
    });
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
    { name: "bob-container-2" },
    {},
  ];
  says("/v1/metrics", { metrics });
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
    ["bob-container-2", undefined],
    ["", undefined],
  ]);
  says("/v1/metrics/alice", { metrics });
  assertEquals(await client.metrics.get("alice"), alice);
  says("/v1/metrics/alice", { metrics: [] });
  const error = await assertRejects(() => client.metrics.get("alice"), ContainariumError);
  assertEquals([error.code, error.message], ["not_found", "The daemon has no metrics for alice"]);
  says("/v1/metrics/alice", { metrics: ["none"] });
  const odd = await assertRejects(() => client.metrics.get("alice"), ContainariumError);
  assertEquals([odd.code, odd.message.includes('"metrics"')], ["internal", true], odd.message);
});
