import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { headroomOf } from "../../../client/internal.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";
import { known } from "../known.ts";

const resources = { cpu: "2", memory: "4GB", disk: "20GB" };

Deno.test("backends.list() returns the total, used and promised amounts of each host", async () => {
  await using hosts = await startTwoHosts(
    { containers: [{ username: "alice", resources }] },
    {
      cpus: 32,
      gpuModels: ["A100"],
      containers: [
        { username: "bob", resources },
        { username: "carol", resources, state: "CONTAINER_STATE_STOPPED" },
      ],
    },
  );
  using client = await clientOf(hosts.near);

  const [near, far, ...more] = await client.backends.list();

  assertEquals(more, []);
  assertEquals([near?.id, near?.kind, near?.healthy], ["near", "local", true]);
  assertEquals([near?.containers, near?.running, near?.pool], [1, 1, undefined]);
  assertEquals([near?.cpu?.total, near?.cpu?.promised], [2, 2]);
  assertEquals([far?.id, far?.kind, far?.pool], ["far", "peer", "gpu"]);
  assertEquals([far?.hostname, far?.version, far?.storageDriver], ["far-host", "0.67.0", "dir"]);
  assertEquals([far?.containers, far?.running, far?.gpus.map(({ name }) => name)], [2, 1, [
    "A100",
  ]]);
  assertEquals(far?.gpus[0]?.memoryBytes, 80_000_000_000);
  assertEquals(far?.cpu, { total: 32, used: 0.18, promised: 4 });
  assertEquals(far?.memory, { total: 25_769_803_776, used: 889_016_320, promised: 8_000_000_000 });
  assertEquals(far?.disk?.promised, 40_000_000_000);
  assert(far?.lastSeenAt instanceof Date && near?.lastSeenAt === undefined);
  assertEquals(far.load, [0.18, 0.34, 0.52]);
});

Deno.test("headroomOf() returns what is neither in use nor promised", () => {
  assertEquals(headroomOf({ total: 10, used: 3, promised: 4 }), 6);
  assertEquals(headroomOf({ total: 10, used: 7, promised: 4 }), 3);
  assertEquals(headroomOf({ total: 10, used: 1, promised: 12 }), -2);
});

Deno.test("backends.list() returns an unhealthy peer without its capacity", async () => {
  await using daemon = await startDaemon({ cluster: { peers: [{ id: "lost", pool: "gpu" }] } });
  using client = await clientOf(daemon);
  const [, lost] = await client.backends.list();
  assertEquals(known(lost ?? {}), {
    id: "lost",
    kind: "peer",
    healthy: false,
    gpus: [],
    containers: 0,
    running: 0,
  });
});

Deno.test("backends.list() returns one host without peers, or of an old daemon", async (t) => {
  for (const options of [{ cluster: "alone" }, { version: "0.6.0" }] as const) {
    await t.step(JSON.stringify(options), async () => {
      const containers = [{ username: "alice", resources }];
      await using daemon = await startDaemon({ ...options, containers, cpus: 8 });
      using client = await clientOf(daemon);
      const [only, ...more] = await client.backends.list();
      assertEquals(more, []);
      assertEquals([only?.id, only?.kind, only?.healthy], ["vm", "only", true]);
      assertEquals([only?.containers, only?.running, only?.cpu?.total], [1, 1, 8]);
    });
  }
});

Deno.test("backends.list() reads peers that only the system information has", async () => {
  await using hosts = await startTwoHosts(
    { containers: [{ username: "alice" }] },
    { containers: [{ username: "bob" }] },
  );
  const body = '{"code":404,"error":"rpc error: code = NotFound desc = Not Found"}';
  hosts.near.inject({ kind: "answer", path: "/v1/backends", status: 404, body });
  using client = await clientOf(hosts.near);
  const backends = await client.backends.list();
  assertEquals(backends.map(({ id, kind, containers }) => [id, kind, containers]), [
    ["vm", "local", 1],
    ["far", "peer", 1],
  ]);
});

Deno.test("backends.list() requires the admin role", async () => {
  await using hosts = await startTwoHosts();
  const token = await hosts.near.token({ username: "alice" });
  using client = await clientOf(hosts.near, { token });
  const error = await assertRejects(() => client.backends.list(), ContainariumError);
  assertEquals([error.code, error.reason], ["permission_denied", "admin_required"]);
});
