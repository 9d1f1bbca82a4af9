import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getSystemInfo } from "../../../tools/containers/get_system_info.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("get_system_info shows the host to an admin", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], cpus: 8 });
  await using server = await connect(daemon);
  const answer = await server.call("get_system_info");
  const before = Date.now();
  const { now, host, peers } = getSystemInfo.output.parse(answer.structuredContent);
  assert(Math.abs(Date.parse(now) - before) < 60_000, `the time now: ${now}`);
  assertStringIncludes(answer.text, `now: ${now}`);
  assertEquals([host.cpus, host.containers_total, host.daemon_version], [8, 1, "0.67.0"]);
  assertEquals(peers, undefined);
  for (
    const line of [
      "containarium: 0.67.0",
      "cpus: 8, load",
      "containers: 1 running, 0 stopped, 1 in all",
    ]
  ) {
    assertStringIncludes(answer.text, line);
  }
});

Deno.test("get_system_info says which role is missing and what can be seen without it", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ username: "alice" });
  await using server = await connect({ url: daemon.url, token });
  const { isError, text } = await server.call("get_system_info");
  assertEquals(isError, true);
  assertStringIncludes(text, "a token with the admin role");
  assertStringIncludes(text, "get_container");
});

Deno.test("get_system_info says when the storage driver enforces no disk limits", async (t) => {
  for (const storageDriver of ["dir", "zfs", "btrfs", null]) {
    await t.step(String(storageDriver), async () => {
      await using daemon = await startDaemon({ storageDriver });
      await using server = await connect(daemon);
      const { text, structuredContent } = await server.call("get_system_info");
      const { host } = getSystemInfo.output.parse(structuredContent);
      assertEquals(host.storage_driver, storageDriver ?? undefined);
      assertEquals(host.disk_limits_enforced, storageDriver === "dir" ? false : undefined);
      const says = text.includes("dir (disk limits of containers are not enforced)");
      assertEquals(says, storageDriver === "dir");
    });
  }
});
