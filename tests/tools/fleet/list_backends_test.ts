import { assertEquals, assertStringIncludes } from "@std/assert";
import { listContainers } from "../../../tools/containers/list_containers.ts";
import { listBackends } from "../../../tools/fleet/list_backends.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";

const resources = { cpu: "2", memory: "4GB", disk: "20GB" };

Deno.test("list_backends shows every host in a table and as data", async () => {
  await using hosts = await startTwoHosts(
    { containers: [{ username: "alice", resources: { ...resources, cpu: "64" } }] },
    { cpus: 32, gpuModels: ["A100"], containers: [{ username: "bob", resources }] },
  );
  await using server = await connect(hosts.near);

  const { text, structuredContent } = await server.call("list_backends");

  assertEquals(text.replace(/ {2,}/g, " | ").split("\n"), [
    "backend | kind | healthy | pool | version | containers | load | cpus free | memory free | disk free | gpus",
    "near | local | yes | 0.67.0 | 1 (1 running) | 0.18 0.34 0.52 | none: 64 promised of 2 | 21.8 GB of 25.8 GB | 251 GB of 271 GB",
    "far | peer | yes | gpu | 0.67.0 | 1 (1 running) | 0.18 0.34 0.52 | 30 of 32 | 21.8 GB of 25.8 GB | 251 GB of 271 GB | A100 80.0 GB (0000:01:00.0)",
    "free: neither in use nor promised to containers, of the total",
  ]);
  const { backends: [near, far] } = listBackends.output.parse(structuredContent);
  assertEquals([near?.backend, near?.kind, near?.containers_running], ["near", "local", 1]);
  assertEquals(far?.cpus, { total: 32, used: 0.18, promised: 2, headroom: 30 });
  assertEquals(far?.memory_bytes?.headroom, 25_769_803_776 - 4_000_000_000);
  assertEquals([far?.pool, far?.gpus?.[0]?.memory_bytes, far?.hostname], [
    "gpu",
    80_000_000_000,
    "far-host",
  ]);
});

Deno.test("list_backends shows the one host of a daemon that knows no others", async () => {
  await using daemon = await startDaemon({ cluster: "alone" });
  await using server = await connect(daemon);
  const { structuredContent } = await server.call("list_backends");
  const { backends } = listBackends.output.parse(structuredContent);
  assertEquals(backends.map(({ backend, kind }) => [backend, kind]), [["vm", "only"]]);
});

Deno.test("list_backends says that a host is not healthy", async () => {
  await using daemon = await startDaemon({ cluster: { peers: [{ id: "lost" }] } });
  await using server = await connect(daemon);
  const { text } = await server.call("list_backends");
  assertEquals(text.split("\n")[2], "lost     peer   NO");
});

Deno.test("list_backends says that it needs the admin role", async () => {
  await using hosts = await startTwoHosts();
  const token = await hosts.near.token({ username: "alice" });
  await using server = await connect({ url: hosts.near.url, token });
  const { isError, text } = await server.call("list_backends");
  assertEquals(isError, true);
  assertStringIncludes(text, "a token with the admin role");
});

Deno.test("list_containers distinguishes hosts and pools, and filters by them, which the daemon does not", async () => {
  await using hosts = await startTwoHosts(
    { containers: [{ username: "alice" }], storageDriver: "zfs" },
    {
      containers: [{ username: "bob" }, { username: "carol", state: "CONTAINER_STATE_STOPPED" }],
      storageDriver: "zfs",
    },
  );
  await using server = await connect(hosts.near);
  const usernames = async (args: Readonly<Record<string, unknown>>) => {
    const { text } = await server.call("list_containers", args);
    return text.split("\n").slice(2).map((line) => line.split(" ", 1)[0]);
  };
  assertEquals(await usernames({}), ["alice", "bob", "carol"]);
  assertEquals(await usernames({ backend: "far" }), ["bob", "carol"]);
  assertEquals(await usernames({ backend: "near" }), ["alice"]);
  assertEquals(await usernames({ pool: "gpu", state: "stopped" }), ["carol"]);
  assertEquals(await usernames({ pool: "cpu" }), []);
});

Deno.test("list_containers loses neither of two containers of one user at the end of a page", async () => {
  const twins = [{ username: "alice" }, { username: "bob" }];
  await using hosts = await startTwoHosts({ containers: twins }, { containers: twins });
  await using server = await connect(hosts.near);
  const seen: (string | undefined)[] = [];
  let cursor: string | undefined;
  do {
    const args = cursor === undefined ? { limit: 1 } : { limit: 1, cursor };
    const answer = await server.call("list_containers", args);
    const { containers, next_cursor } = listContainers.output.parse(answer.structuredContent);
    seen.push(...containers.map(({ username, backend }) => `${username} ${backend}`));
    cursor = next_cursor;
  } while (cursor !== undefined);
  assertEquals(seen, ["alice far", "alice near", "bob far", "bob near"]);
});
