import { assertEquals } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { z } from "zod";

const answer = z.object({ warnings: z.array(z.string()).optional() });
const unenforced =
  "The disk limit is not enforced: storage driver dir (unless the host has project quotas).";
const calls: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["get_container", { username: "alice" }],
  ["list_containers", {}],
  ["restart_container", { username: "alice" }],
  ["start_container", { username: "alice" }],
  ["resize_container", { username: "alice", disk: "60GB" }],
  ["create_container", { username: "bob", cpu: "1" }],
  ["create_containers", { usernames: ["carol"], cpu: "1", dry_run: true }],
];

Deno.test("tools that show a disk limit say when the host does not enforce it", async (t) => {
  for (const storageDriver of ["dir", "zfs", null]) {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }], storageDriver });
    await using server = await connect(daemon);
    for (const [tool, args] of calls) {
      await t.step(`${tool} on ${storageDriver}`, async () => {
        const { text, structuredContent } = await server.call(tool, args);
        const { warnings = [] } = answer.parse(structuredContent);
        assertEquals(warnings.includes(unenforced), storageDriver === "dir");
        assertEquals(text.includes(unenforced), storageDriver === "dir");
      });
    }
    await t.step(`the host is read once on ${storageDriver}`, () => {
      assertEquals(daemon.count("GET", "/v1/system/info"), 1);
    });
  }
});

Deno.test("tools that show a disk limit do not warn tokens that may not see the host", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const token = await daemon.token({ username: "alice" });
  await using server = await connect({ url: daemon.url, token });
  for (const [tool, args] of calls.slice(0, 3)) {
    await t.step(tool, async () => {
      const { structuredContent, isError } = await server.call(tool, args);
      assertEquals([isError, answer.parse(structuredContent).warnings], [false, undefined]);
    });
  }
});

Deno.test("tools that show a disk limit use the driver of the container's host", async (t) => {
  await using peer = await startDaemon({
    hostname: "gpu-1",
    storageDriver: "zfs",
    cpus: 64,
    containers: [{ username: "bob" }],
  });
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }],
    cluster: { backendId: "main", peers: [{ id: "gpu-1", daemon: peer }] },
  });
  await using server = await connect(daemon);
  const warningsOf = async (tool: string, args: Readonly<Record<string, unknown>>) =>
    answer.parse((await server.call(tool, args)).structuredContent).warnings;

  await t.step("the host that answers", async () => {
    assertEquals(await warningsOf("get_container", { username: "alice" }), [unenforced]);
  });
  await t.step("a peer", async () => {
    assertEquals(await warningsOf("get_container", { username: "bob" }), undefined);
  });
  await t.step("a list over both", async () => {
    assertEquals(await warningsOf("list_containers", {}), [`main: ${unenforced}`]);
  });
  await t.step("a plan, by where each is to be", async () => {
    const containers = [{ username: "carol" }];
    const plan = (backend: string) =>
      warningsOf("create_containers", { containers, backend, cpu: "64", dry_run: true });
    const cpus = "The host has 2 CPUs, so 64 gives no more than that.";
    assertEquals((await plan("main"))?.slice(0, 2), [cpus, unenforced]);
    assertEquals((await plan("gpu-1"))?.length, 1, "only that there is no key");
  });
});
