/** What a client makes of a daemon that accepts a change and does something else. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, type ContainerChanges } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const day = 86_400;
const stopped = "CONTAINER_STATE_STOPPED";
const record = "at=2026-11-26T10:00:00Z was=running ttl=never";
const reportsOtherwise = "The daemon accepted the change, but reports otherwise: ";

/** An answer that says yes, in place of the work. */
const accept = (method: string, path: string) => ({
  kind: "answer" as const,
  status: 200,
  body: "{}",
  method,
  path: `/v1/containers/alice/${path}`,
});

Deno.test("update() names each setting that the daemon accepted and did not change", async (t) => {
  const cases: readonly (readonly [string, string, ContainerChanges, string])[] = [
    ["attribution", "POST", { labels: { team: "dev" } }, "label team"],
    ["labels/tier", "DELETE", { removeLabels: ["tier"] }, "label tier"],
    ["ttl", "POST", { ttlSeconds: day }, "ttl"],
    ["delete-policy", "POST", { isProtected: true }, "protected"],
    ["auto-sleep", "POST", { autoSleepMinutes: 30 }, "auto_sleep"],
    ["acl", "PUT", { firewall: "http_only" }, "firewall"],
    ["monitoring", "POST", { isMonitored: true }, "monitoring"],
  ];
  for (const [path, method, changes, wrong] of cases) {
    await t.step(wrong, async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice", labels: { tier: "gold" } }],
      });
      using client = await clientOf(daemon);
      daemon.inject(accept(method, path));
      const error = await assertRejects(
        () => client.containers.update("alice", changes),
        ContainariumError,
      );
      assertEquals([error.code, error.message], ["internal", `${reportsOtherwise}${wrong}`]);
    });
  }
});

Deno.test("update() names each setting that the daemon accepted to take away and did not", async (t) => {
  const cases: readonly (readonly [string, ContainerChanges, string])[] = [
    ["ttl", { ttlSeconds: 0 }, "ttl"],
    ["delete-policy", { isProtected: false }, "protected"],
    ["auto-sleep", { autoSleepMinutes: 0 }, "auto_sleep"],
  ];
  for (const [path, changes, wrong] of cases) {
    await t.step(wrong, async () => {
      await using daemon = await startDaemon({
        containers: [{
          username: "alice",
          ttlSeconds: day,
          protected: true,
          autoSleep: true,
          idleThresholdMinutes: 30,
        }],
      });
      using client = await clientOf(daemon);
      daemon.inject(accept("POST", path));
      const error = await assertRejects(
        () => client.containers.update("alice", changes),
        ContainariumError,
      );
      assertEquals(error.message, `${reportsOtherwise}${wrong}`);
      await client.containers.update("alice", changes);
    });
  }
});

Deno.test("update() names several at once, in order", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  for (const path of ["attribution", "ttl", "delete-policy"]) daemon.inject(accept("POST", path));
  const error = await assertRejects(
    () =>
      client.containers.update("alice", {
        labels: { a: "b", c: "d" },
        ttlSeconds: 60,
        isProtected: true,
        autoSleepMinutes: 5,
      }),
    ContainariumError,
  );
  assertEquals(error.message, `${reportsOtherwise}label a, label c, ttl, protected`);
});

Deno.test("deleteLater() names each part that the daemon accepted and did not do", async (t) => {
  const cases = [
    ["attribution", {}, "label mcp-deleted"],
    ["ttl", {}, "ttl"],
    ["stop", {}, "state"],
  ] as const;
  for (const [path, seed, wrong] of cases) {
    await t.step(wrong, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice", ...seed }] });
      using client = await clientOf(daemon);
      daemon.inject(accept("POST", path));
      const error = await assertRejects(
        () => client.containers.deleteLater("alice", { graceSeconds: day }),
        ContainariumError,
      );
      const taken = path === "stop" ? "running" : "stopped";
      assertEquals(
        error.details,
        error.details.username === undefined ? {} : { username: "alice" },
      );
      assertEquals(
        [error.code, error.message.includes(wrong), (await client.containers.get("alice")).state],
        ["internal", true, taken],
        error.message,
      );
    });
  }
});

Deno.test("deleteLater() notices that another client protected the container, or overwrote the record", async (t) => {
  const cases = [
    ["protected", async (other: Client) => await other.containers.setProtected("alice", true)],
    ["label mcp-deleted", async (other: Client) => {
      await other.containers.setLabels("alice", { "mcp-deleted": record });
    }],
    ["ttl, protected", async (other: Client) => {
      await other.containers.setProtected("alice", true);
      await other.containers.setTtl("alice", 0);
    }],
  ] as const;
  for (const [wrong, change] of cases) {
    await t.step(wrong, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      using client = await clientOf(daemon);
      const stop = daemon.hold("POST", "/v1/containers/alice/stop");
      const deleting = assertRejects(
        () => client.containers.deleteLater("alice", { graceSeconds: day }),
        ContainariumError,
      );
      await stop.reached;
      await change(client);
      stop.release();
      const { code, message, details } = await deleting;
      assertEquals([code, message, details], [
        "internal",
        `The daemon accepted the deletion, but reports otherwise: ${wrong}. Another client may ` +
        "have changed it",
        { username: "alice" },
      ]);
    });
  }
});

type Client = Awaited<ReturnType<typeof clientOf>>;

Deno.test("undelete() names each part that the daemon accepted and did not do", async (t) => {
  const cases = [
    ["POST", "ttl", "ttl"],
    ["DELETE", "labels/mcp-deleted", "label mcp-deleted"],
  ] as const;
  for (const [method, path, wrong] of cases) {
    await t.step(wrong, async () => {
      await using daemon = await startDaemon({
        containers: [{
          username: "alice",
          state: stopped,
          ttlSeconds: day,
          labels: { "mcp-deleted": record },
        }],
      });
      using client = await clientOf(daemon);
      daemon.inject(accept(method, path));
      const error = await assertRejects(
        () => client.containers.undelete("alice"),
        ContainariumError,
      );
      assertEquals([error.code, error.message, error.details], [
        "internal",
        `${reportsOtherwise}${wrong}`,
        { username: "alice" },
      ]);
    });
  }
  await t.step("state", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice", labels: { "mcp-deleted": record }, state: stopped }],
    });
    using client = await clientOf(daemon);
    const last = daemon.hold("DELETE", "/v1/containers/alice/labels/mcp-deleted");
    const undeleting = assertRejects(
      () => client.containers.undelete("alice"),
      ContainariumError,
    );
    await last.reached;
    await client.containers.stop("alice");
    last.release();
    assertEquals((await undeleting).message, `${reportsOtherwise}state`);
  });
  await t.step("two of them", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice", labels: { "mcp-deleted": record }, state: stopped }],
    });
    using client = await clientOf(daemon);
    const last = daemon.hold("DELETE", "/v1/containers/alice/labels/mcp-deleted");
    const undeleting = assertRejects(
      () => client.containers.undelete("alice"),
      ContainariumError,
    );
    await last.reached;
    await client.containers.stop("alice");
    await client.containers.setTtl("alice", day);
    last.release();
    assertEquals((await undeleting).message, `${reportsOtherwise}ttl, state`);
  });
});

Deno.test("undelete() that cannot start says so, unless the container is gone", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { "mcp-deleted": record }, state: stopped }],
  });
  using client = await clientOf(daemon);
  const start = daemon.hold("POST", "/v1/containers/alice/start");
  const undeleting = assertRejects(() => client.containers.undelete("alice"), ContainariumError);
  await start.reached;
  await client.containers.delete("alice");
  start.release();
  const { code, message } = await undeleting;
  assertEquals([code, message.includes("will not be deleted any more")], ["not_found", false]);
});
