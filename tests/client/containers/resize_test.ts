/** What `resize()` says of limits that the daemon did not set as asked, or not at all. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, type ResizeOptions } from "../../../client/mod.ts";
import { isShrink } from "../../../client/containers/resize.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const resources = { cpu: "1", memory: "512MB", disk: "5GB" };

Deno.test("resize() compares what it reads back by its value, not by its words", async (t) => {
  const cases: readonly (readonly [ResizeOptions, typeof resources, string | undefined])[] = [
    [{ cpu: "0.5" }, { ...resources, cpu: "500m" }, undefined],
    [{ memory: "1GB" }, { ...resources, memory: "1000MB" }, undefined],
    [{ cpu: "2" }, { ...resources, cpu: "1" }, "cpu 1 instead of 2"],
    [{ cpu: "0-1" }, { ...resources, cpu: "2-4" }, "cpu 2-4 instead of 0-1"],
    [{ cpu: "2-3" }, { ...resources, cpu: "0-1" }, "cpu 0-1 instead of 2-3"],
    [{ cpu: "2" }, { ...resources, cpu: "0-1" }, "cpu 0-1 instead of 2"],
    [{ cpu: "2-3" }, { ...resources, cpu: "2-3" }, undefined],
    [{ memory: "50%" }, { ...resources, memory: "50%" }, undefined],
    [{ memory: "1GB" }, { ...resources, memory: "1GiB" }, "memory 1GiB instead of 1GB"],
    [{ disk: "9GB" }, { ...resources, disk: "8GB" }, "disk 8GB instead of 9GB"],
    [
      { cpu: "2", memory: "1GB" },
      { ...resources, cpu: "3", memory: "2GB" },
      "cpu 3 instead of 2, memory 2GB instead of 1GB",
    ],
  ];
  for (const [wanted, reports, wrong] of cases) {
    await t.step(`${JSON.stringify(wanted)}: ${wrong ?? "the same"}`, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
      using client = await clientOf(daemon);
      const put = daemon.hold("PUT", "/v1/containers/alice/resize");
      const resizing = client.containers.resize("alice", wanted);
      resizing.catch(() => {});
      await put.reached;
      daemon.inject({
        kind: "answer",
        method: "GET",
        path: "/v1/containers/alice",
        status: 200,
        body: JSON.stringify({
          container: { username: "alice", state: "CONTAINER_STATE_RUNNING", resources: reports },
        }),
      });
      put.release();
      if (wrong === undefined) {
        const { before, after } = await resizing;
        assertEquals(Object.keys(before), Object.keys(wanted));
        assertEquals(Object.keys(after), Object.keys(wanted));
        return;
      }
      const { code, message } = await assertRejects(() => resizing, ContainariumError);
      assertEquals([code, message], [
        "internal",
        `The daemon resized alice's container, but reports ${wrong}`,
      ]);
    });
  }
});

Deno.test("resize() that fails says what changed, if it can be read", async (t) => {
  const failed = { kind: "answer", status: 500, method: "PUT", body: '{"error":"no"}' } as const;
  await t.step("nothing", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
    using client = await clientOf(daemon);
    daemon.inject(failed);
    const { message } = await assertRejects(
      () => client.containers.resize("alice", { cpu: "2" }),
      ContainariumError,
    );
    assertEquals(message.endsWith(". Nothing was changed"), true, message);
  });
  await t.step("by another client, what was not asked for", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
    using client = await clientOf(daemon);
    const put = daemon.hold("PUT");
    const resizing = assertRejects(
      () => client.containers.resize("alice", { cpu: "2" }),
      ContainariumError,
    );
    await put.reached;
    await client.containers.resize("alice", { memory: "1GB" });
    daemon.inject(failed);
    put.release();
    assertEquals((await resizing).message.endsWith(". Nothing was changed"), true);
  });
  await t.step("unknown", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
    using client = await clientOf(daemon);
    const put = daemon.hold("PUT");
    const resizing = assertRejects(
      () => client.containers.resize("alice", { cpu: "2" }),
      ContainariumError,
    );
    await put.reached;
    daemon.inject(failed);
    daemon.inject({ kind: "answer", status: 403, method: "GET", body: "{}" });
    put.release();
    const { message } = await resizing;
    assertEquals(message.endsWith(". What changed is unknown"), true, message);
  });
});

Deno.test("resize() that is cancelled says that it may have happened, and reads nothing more", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
  using client = await clientOf(daemon);
  const cancel = new AbortController();
  const put = daemon.hold("PUT");
  const resizing = assertRejects(
    () => client.containers.resize("alice", { cpu: "2", signal: cancel.signal }),
    ContainariumError,
  );
  await put.reached;
  cancel.abort();
  const { code, message } = await resizing;
  assertEquals([code, message], [
    "cancelled",
    "Cancelled while PUT /v1/containers/alice/resize was in progress: the daemon may still execute it",
  ]);
  put.release();
});

Deno.test("resize() that failed ends when it is cancelled while it reads what changed", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
  using client = await clientOf(daemon);
  const cancel = new AbortController();
  const put = daemon.hold("PUT");
  const resizing = assertRejects(
    () => client.containers.resize("alice", { cpu: "2", signal: cancel.signal }),
    ContainariumError,
  );
  await put.reached;
  daemon.inject({ kind: "answer", status: 500, method: "PUT", body: '{"error":"no"}' });
  const look = daemon.hold("GET", "/v1/containers/alice");
  put.release();
  await look.reached;
  cancel.abort();
  const { message } = await resizing;
  assertEquals(message.endsWith(". What changed is unknown"), true, message);
  look.release();
});

Deno.test("resize() that would shrink a disk says how much is in use, if the daemon knows", async (t) => {
  const cases = [
    ["known", '{"metrics":[{"name":"alice-container","diskUsageBytes":"1000"}]}', 200, 1_000],
    ["unknown", '{"metrics":[{"name":"alice-container","diskUsageBytes":"0"}]}', 200, undefined],
    ["refused", '{"code":7,"message":"permission denied"}', 403, undefined],
  ] as const;
  for (const [name, body, status, usedBytes] of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
      using client = await clientOf(daemon);
      daemon.inject({ kind: "answer", method: "GET", path: "/v1/metrics/alice", status, body });
      const error = await assertRejects(
        () => client.containers.resize("alice", { disk: "4GB" }),
        ContainariumError,
      );
      assertEquals([error.code, error.reason], ["failed_precondition", "disk_shrink"]);
      assertEquals(error.details, { username: "alice", limit: "5GB", usedBytes });
    });
  }
});

Deno.test("resize() does not set a disk that may be smaller, as far as anybody can tell", async (t) => {
  const cases = [
    [{}, "9GB", "of unknown size (none set), so 9GB may be smaller"],
    [{ disk: "lots" }, "9GB", "of unknown size (lots), so 9GB may be smaller"],
  ] as const;
  for (const [limits, disk, words] of cases) {
    await t.step(JSON.stringify(limits), async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      using client = await clientOf(daemon);
      const container = { name: "alice-container", username: "alice", resources: limits };
      const body = JSON.stringify({ container });
      const path = "/v1/containers/alice";
      daemon.inject({ kind: "answer", method: "GET", path, status: 200, body });
      const { message, reason } = await assertRejects(
        () => client.containers.resize("alice", { disk }),
        ContainariumError,
      );
      assertEquals([message, reason], [
        `The disk of alice-container is ${words}. Nothing was changed`,
        "disk_shrink",
      ]);
      assertEquals(daemon.count("PUT"), 0);
    });
  }
});

Deno.test("checkResize() refuses what resize() would, and changes nothing", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice", resources }] });
  using client = await clientOf(daemon);
  const refusal = await assertRejects(
    () => client.containers.checkResize("alice", { disk: "4GB" }),
    ContainariumError,
  );
  assertEquals(refusal.reason, "disk_shrink");
  await client.containers.checkResize("alice", { disk: "9GB", cpu: "2" });
  await client.containers.checkResize("alice", { disk: "4GB", allowShrink: true });
  assertEquals(daemon.count("PUT"), 0);
});

Deno.test("isShrink() does not know of sizes that it cannot read", () => {
  assertEquals(isShrink({ disk: "5GB" }, "4GB"), true);
  assertEquals([isShrink({ disk: "5GB" }, "5GB"), isShrink({ disk: "5GB" }, "6GB")], [
    false,
    false,
  ]);
  assertEquals(isShrink({ disk: "5GB" }, "lots"), undefined);
  assertEquals([isShrink({}, "5GB"), isShrink({ disk: "lots" }, "5GB")], [undefined, undefined]);
});
