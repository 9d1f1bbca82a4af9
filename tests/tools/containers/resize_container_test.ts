import { assertEquals, assertStringIncludes } from "@std/assert";
import { resizeContainer } from "../../../tools/containers/resize_container.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const alice = { username: "alice", resources: { cpu: "1", memory: "512MB", disk: "5GB" } };

Deno.test("resize_container shows each limit before and after", async () => {
  await using daemon = await startDaemon({ containers: [alice], cpus: 8, storageDriver: "zfs" });
  await using server = await connect(daemon);
  const answer = await server.call("resize_container", {
    username: "alice",
    cpu: "0.5",
    disk: "10GB",
  });
  const { changed, changes, warnings, container } = resizeContainer.output.parse(
    answer.structuredContent,
  );
  assertEquals([changed, changes], [true, [
    { setting: "cpu", before: "1", after: "500m" },
    { setting: "disk", before: "5GB", after: "10GB" },
  ]]);
  assertEquals([warnings, container.memory], [undefined, "512MB"]);
  assertEquals(answer.text, "cpu: 1 → 500m\ndisk: 5GB → 10GB");

  const again = await server.call("resize_container", { username: "alice", disk: "10GB" });
  assertEquals(resizeContainer.output.parse(again.structuredContent).changed, false);
  assertEquals(again.text, "disk: 10GB (as before)");
});

Deno.test("resize_container warns if the host has less than requested", async (t) => {
  await using daemon = await startDaemon({ containers: [alice], cpus: 2 });
  await using server = await connect(daemon);
  for (const cpu of ["64", "0-3"]) {
    await t.step(cpu, async () => {
      const { text } = await server.call("resize_container", { username: "alice", cpu });
      assertStringIncludes(text, `The host has 2 CPUs, so ${cpu} gives no more than that.`);
    });
  }
  for (const [limit, wanted, there] of [["memory", "64GB", "25.8 GB"], ["disk", "1TB", "271 GB"]]) {
    await t.step(`${limit}`, async () => {
      const { text } = await server.call("resize_container", {
        username: "alice",
        [`${limit}`]: wanted,
      });
      const has = `The host has ${there} of ${limit}, so ${wanted} gives no more than that.`;
      assertStringIncludes(text, has);
    });
  }
  await t.step("a user, who cannot see the host, is not stopped", async () => {
    const token = await daemon.token({ username: "alice" });
    await using server = await connect({ url: daemon.url, token });
    const { isError } = await server.call("resize_container", { username: "alice", cpu: "64" });
    assertEquals(isError, false);
  });
});

Deno.test("resize_container explains each refusal", async (t) => {
  await using daemon = await startDaemon({ containers: [alice], storageDriver: "zfs" });
  await using server = await connect(daemon);
  const refusal = async (args: Readonly<Record<string, unknown>>) => {
    const { isError, text } = await server.call("resize_container", { username: "alice", ...args });
    assertEquals(isError, true, text);
    return text;
  };
  await t.step("nothing to set", async () => {
    assertStringIncludes(await refusal({}), "at least one of cpu, memory and disk");
  });
  await t.step("a smaller disk", async () => {
    assertStringIncludes(await refusal({ disk: "4GB" }), "4GB is less than the 5GB");
  });
  await t.step("a smaller disk: what is used, and what would fit", async () => {
    daemon.inject({
      kind: "answer",
      method: "GET",
      path: "/v1/metrics/alice",
      status: 200,
      body: JSON.stringify({
        metrics: [{ name: "alice-container", diskUsageBytes: "2100000000" }],
      }),
    });
    assertStringIncludes(await refusal({ disk: "1GB" }), "2.1 GB are in use, so 3GB would fit");
  });
  await t.step("nonsense", async () => {
    assertStringIncludes(await refusal({ cpu: "0" }), "cpu: expected cores");
  });
  assertEquals(daemon.count("PUT"), 0);
  await t.step("a smaller disk that is meant", async () => {
    const answer = await server.call("resize_container", {
      username: "alice",
      disk: "4GB",
      allow_shrink: true,
    });
    assertEquals(answer.text, "disk: 5GB → 4GB");
  });
});

Deno.test("resize_container asks before a disk shrinks, and only then", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  const context = contextOf(client);
  const question = (disk: string | undefined, allowShrink: boolean) =>
    resizeContainer.consent?.({ username: "alice", disk, allow_shrink: allowShrink }, context);
  assertEquals((await question("4GB", true))?.question, {
    message: "Shrink the disk of alice-container from 5GB to 4GB? Data beyond that is lost.",
    confirm: "Shrink the disk to 4GB",
  });
  assertEquals((await question("6GB", true))?.question, undefined);
  assertEquals(await question(undefined, true), undefined);
  assertEquals(await question("4GB", false), undefined, "it will be refused");
});

Deno.test("resize_container shrinks no disk that it did not ask about", async (t) => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const seed = (disk: string, more: Partial<ContainerSeed> = {}): ContainerSeed => ({
    username: "alice",
    createdAt,
    resources: { disk },
    ...more,
  });
  const cases: Readonly<
    Record<string, readonly [ContainerSeed | undefined, ContainerSeed, boolean]>
  > = {
    "one that was smaller": [seed("3GB"), seed("50GB"), false],
    "one that has grown": [seed("5GB"), seed("50GB"), false],
    "one that has shrunk in part": [seed("50GB"), seed("5GB"), true],
    "of a container created anew": [seed("50GB"), seed("50GB", { createdAt: new Date() }), false],
    "of a container that was not there": [undefined, seed("50GB"), false],
  };
  for (const [name, [before, after, isDone]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: before === undefined ? [] : [before] });
      using client = await clientOf(daemon);
      const { answer, refusal } = await changedBetween(
        resizeContainer,
        { username: "alice", disk: "4GB", allow_shrink: true },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals([answer?.container.disk, refusal?.code], [
        isDone ? "4GB" : undefined,
        isDone ? undefined : "failed_precondition",
      ]);
      assertEquals(daemon.count("PUT"), isDone ? 1 : 0);
    });
  }
});
