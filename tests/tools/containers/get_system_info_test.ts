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

Deno.test("get_system_info is off for a token without the admin role, and says so", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ username: "alice" });
  await using server = await connect({ url: daemon.url, token });
  const { isError, text } = await server.call("get_system_info");
  assertEquals(isError, true);
  assertStringIncludes(text, "a token with the admin role");
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

Deno.test("get_system_info shows the collector, the SSH host, the core services and the GPUs' memory", async () => {
  await using daemon = await startDaemon({
    coreServices: ["otelcollector", "victoriametrics"],
    sshHost: "ssh.example.com",
    gpuModels: ["A100"],
  });
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("get_system_info");
  const { host, core_services: services, release } = getSystemInfo.output.parse(structuredContent);
  assertEquals(
    [host.metrics_collector, host.ssh_ingress_host],
    ["http://10.77.0.51:4318", "ssh.example.com"],
  );
  assertEquals(services?.map(({ name, state, ip_address: ip }) => [name, state, ip]), [
    ["containarium-core-otelcollector", "running", "10.77.0.51"],
    ["containarium-core-victoriametrics", "running", "10.77.0.7"],
  ]);
  assertEquals(host.gpus?.[0]?.memory_bytes, 80_000_000_000);
  assertEquals(release, undefined);
  for (
    const line of [
      "metrics collector: http://10.77.0.51:4318",
      "ssh through: ssh.example.com",
      "gpus: A100 80.0 GB (0000:01:00.0)",
      "core services: containarium-core-otelcollector running (10.77.0.51), containarium-core-v",
    ]
  ) {
    assertStringIncludes(text, line);
  }
});

Deno.test("get_system_info looks for a newer release only when asked to, and says how to install it", async (t) => {
  const ask = async (latestRelease: string | null, args: Record<string, unknown>) => {
    await using daemon = await startDaemon({ latestRelease });
    await using server = await connect(daemon);
    const { isError, text, structuredContent } = await server.call("get_system_info", args);
    assertEquals(isError, false);
    const asked = daemon.requests.some(({ path }) => path.startsWith("/v1/releases"));
    return { text, asked, release: getSystemInfo.output.parse(structuredContent).release };
  };
  await t.step("not asked", async () => {
    const { asked, release } = await ask("0.68.0", {});
    assertEquals([asked, release], [false, undefined]);
  });
  await t.step("newer", async () => {
    const { text, release } = await ask("0.68.0", { check_updates: true });
    assertEquals([release?.newest, release?.behind], ["v0.68.0", true]);
    assertStringIncludes(text, "newest release: v0.68.0, newer than this daemon");
    assertStringIncludes(text, "sudo systemctl restart containarium");
  });
  await t.step("none newer", async () => {
    const { text, release } = await ask("0.67.0", { check_updates: true });
    assertEquals([release?.newest, release?.behind, release?.next], [
      "v0.67.0",
      undefined,
      undefined,
    ]);
    assertStringIncludes(text, "newest release: v0.67.0, not newer than this daemon");
  });
  await t.step("the daemon cannot reach GitHub", async () => {
    const { text, release } = await ask(null, { check_updates: true });
    assertStringIncludes(release?.error ?? "", "failed to fetch latest release");
    assertStringIncludes(text, "The daemon could not look it up");
  });
});

Deno.test("get_system_info shows an old daemon, which has no core services", async () => {
  await using daemon = await startDaemon({ version: "0.6.0" });
  await using server = await connect(daemon);
  const { isError, structuredContent } = await server.call("get_system_info");
  assertEquals(isError, false);
  assertEquals(getSystemInfo.output.parse(structuredContent).core_services, undefined);
});
