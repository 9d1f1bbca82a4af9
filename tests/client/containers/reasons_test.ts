/** What a client refuses or reports, with the reason and the facts that programs go by. */
import { assertEquals, assertRejects } from "@std/assert";
import {
  type ContainariumClient,
  ContainariumError,
  type ErrorDetails,
} from "../../../client/mod.ts";
import { type Container, unseenContainer } from "../../../client/containers/container.ts";
import { endsProcesses } from "../../../client/containers/ends_processes.ts";
import { containerPath } from "../../../client/containers/username.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const day = 86_400;
const username = "alice";
const createdAt = new Date("2026-01-01T00:00:00Z");
const alice: Container = {
  ...unseenContainer(username),
  state: "running",
  createdAt,
};

type Facts = readonly [string, string | undefined, ErrorDetails];

function factsOf({ code, reason, details }: ContainariumError): Facts {
  return [code, reason, details];
}

Deno.test("calls of containers fail with a code, a reason and the username", async (t) => {
  const frozen = { state: "CONTAINER_STATE_FROZEN" } as const;
  const stopped = { state: "CONTAINER_STATE_STOPPED" } as const;
  const cases: Readonly<
    Record<string, readonly [Partial<ContainerSeed>, (one: ContainariumClient) => unknown, Facts]>
  > = {
    "a creation of what is there": [
      {},
      ({ containers }) => containers.create({ username }),
      ["conflict", "already_exists", { username }],
    ],
    "a creation of what is deleted and there": [
      {
        ...stopped,
        ttlSeconds: day,
        labels: { "mcp-deleted": "at=2026-11-26T10:00:00Z was=running ttl=never" },
      },
      ({ containers }) => containers.create({ username }),
      ["conflict", "deletion_pending", { username }],
    ],
    "a start of a frozen one": [
      frozen,
      ({ containers }) => containers.start(username),
      ["failed_precondition", "frozen", { username }],
    ],
    "a delete of a protected one": [
      { protected: true },
      ({ containers }) => containers.delete(username),
      ["failed_precondition", "protected", { username }],
    ],
    "a later delete of a protected one": [
      { protected: true },
      ({ containers }) => containers.deleteLater(username, { graceSeconds: day }),
      ["failed_precondition", "protected", { username }],
    ],
    "a clean-up of a stopped one": [
      stopped,
      ({ containers }) => containers.cleanUpDisk(username),
      ["failed_precondition", "not_running", { username }],
    ],
    "a clean-up of another one than was agreed to": [
      {},
      ({ containers }) => containers.cleanUpDisk(username, { agreed: { container: alice } }),
      ["failed_precondition", "changed_since_agreed", {}],
    ],
    "a resize of nothing": [
      {},
      ({ containers }) => containers.resize(username, {}),
      ["invalid_argument", undefined, {}],
    ],
  };
  for (const [name, [seed, call, facts]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [{ username, ...seed }] });
      using client = await clientOf(daemon);
      const error = await assertRejects(async () => await call(client), ContainariumError);
      assertEquals(factsOf(error), facts);
      const wrote = daemon.requests.filter(({ method }) => method !== "GET");
      assertEquals(wrote.length, name.startsWith("a start") ? 1 : 0);
    });
  }
});

Deno.test("calls of one that is being created fail with a reason, and say in which state it is", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const creating = daemon.holdPhase("creating");
  await client.containers.create({ username, waitMs: 0 });
  await creating.reached;
  const refusal = (call: () => Promise<unknown>) => assertRejects(call, ContainariumError);
  const again = await refusal(() => client.containers.create({ username }));
  assertEquals(factsOf(again), ["conflict", "being_created", { username }]);
  const stop = await refusal(() => client.containers.stop(username));
  assertEquals(factsOf(stop), ["conflict", "being_created", { username }]);
  assertEquals(
    stop.message,
    "The container of alice is still being created (creating), so it cannot be stopped yet",
  );
  const later = await refusal(() => client.containers.deleteLater(username, { graceSeconds: day }));
  assertEquals(factsOf(later).slice(0, 2), ["failed_precondition", "not_recoverable"]);
  creating.release();
  await daemon.when(username, "CONTAINER_STATE_RUNNING");
});

Deno.test("start() of one whose address is being set up fails with a reason", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const provisioning = daemon.holdPhase("provisioning");
  await client.containers.create({ username, waitMs: 0 });
  await daemon.when(username, "CONTAINER_STATE_PROVISIONING");
  const start = await assertRejects(() => client.containers.start(username), ContainariumError);
  assertEquals(factsOf(start), ["conflict", "being_created", { username }]);
  assertEquals(
    start.message,
    "The container of alice is still being created (provisioning), so it cannot be started yet",
  );
  provisioning.release();
  await daemon.when(username, "CONTAINER_STATE_RUNNING");
});

Deno.test("create() that fails on the daemon, or that another one overtakes, says so with a reason", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  daemon.failNextCreate();
  const failed = await assertRejects(
    () => client.containers.create({ username }),
    ContainariumError,
  );
  assertEquals(factsOf(failed), ["internal", "creation_failed", { username }]);
});

Deno.test("stop() that times out says what state it left, with a reason", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const error = "rpc error: code = Unknown desc = failed to stop container: Failed shutting down " +
    'instance, status is "Running": context deadline exceeded';
  const path = "/v1/containers/alice/stop";
  const body = JSON.stringify({ code: 500, error });
  daemon.inject({ kind: "answer", method: "POST", status: 500, path, body });
  const late = await assertRejects(() => client.containers.stop(username), ContainariumError);
  assertEquals(factsOf(late), ["failed_precondition", "shutdown_timed_out", { username }]);
  assertEquals(late.message, "alice-container did not shut down in time and is running now");
});

Deno.test("start() and stop() end when they are cancelled while they look for the container", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  for (const action of ["start", "stop"] as const) {
    const look = daemon.hold("GET", "/v1/containers/nobody");
    const cancel = new AbortController();
    const acting = assertRejects(
      () => client.containers[action]("nobody", { signal: cancel.signal }),
      ContainariumError,
    );
    await look.reached;
    cancel.abort();
    assertEquals((await acting).code, "cancelled");
    look.release();
  }
});

Deno.test("stop() that timed out ends when it is cancelled while it reads the state", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const error = "rpc error: code = Unknown desc = failed to stop container: Failed shutting down " +
    'instance, status is "Running": context deadline exceeded';
  const body = JSON.stringify({ code: 500, error });
  daemon.inject({ kind: "answer", method: "POST", status: 500, body });
  const look = daemon.hold("GET", "/v1/containers/alice");
  const cancel = new AbortController();
  const stopping = assertRejects(
    () => client.containers.stop(username, { signal: cancel.signal }),
    ContainariumError,
  );
  await look.reached;
  cancel.abort();
  assertEquals((await stopping).code, "cancelled");
  look.release();
});

Deno.test("delete() that the daemon refuses fails with the daemon's words alone", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const body = '{"code":2,"message":"the pool is read-only"}';
  daemon.inject({ kind: "answer", method: "DELETE", status: 500, body });
  const { message } = await assertRejects(
    () => client.containers.delete(username),
    ContainariumError,
  );
  assertEquals(message, `The daemon failed: ${body}`);
});

Deno.test("delete() and stop() send force only if asked to", async () => {
  await using daemon = await startDaemon({ containers: [{ username }, { username: "bob" }] });
  using client = await clientOf(daemon);
  const { containers } = client;
  await containers.stop(username);
  await containers.start(username);
  await containers.stop(username, { force: true });
  await containers.delete(username);
  await containers.delete("bob", { force: true });
  const writes = daemon.requests.filter(({ method }) => method !== "GET");
  assertEquals(writes.map(({ method, path, body }) => `${method} ${path} ${body}`), [
    "POST /v1/containers/alice/stop {}",
    "POST /v1/containers/alice/start {}",
    'POST /v1/containers/alice/stop {"force":true}',
    "DELETE /v1/containers/alice ",
    "DELETE /v1/containers/bob?force=true ",
  ]);
});

Deno.test("setAutoSleep() and setMonitored() say whether it is to be on", async () => {
  await using daemon = await startDaemon({
    containers: [{ username }],
    coreServices: ["otelcollector"],
  });
  using client = await clientOf(daemon);
  const { containers } = client;
  await containers.setAutoSleep(username, 30);
  await containers.setAutoSleep(username, 0);
  await containers.setMonitored(username, true);
  await containers.setMonitored(username, false);
  const writes = daemon.requests.filter(({ method }) => method !== "GET");
  assertEquals(writes.map(({ body }) => body), [
    '{"enabled":true,"idleThresholdMinutes":30}',
    '{"enabled":false}',
    '{"enabled":true}',
    '{"enabled":false}',
  ]);
});

Deno.test("endsProcesses() knows the writes after which nothing need run that ran before", () => {
  const of = (method: "GET" | "POST" | "PUT" | "DELETE", ...rest: readonly string[]) =>
    endsProcesses(method, containerPath(username, ...rest));
  for (const action of ["start", "stop", "move", "rollback", "monitoring", "rewrap"]) {
    assertEquals([of("POST", action), of("GET", action), of("PUT", action)], [true, false, false]);
  }
  assertEquals(of("POST", "snapshots", "daily", "rollback"), true);
  assertEquals([of("DELETE"), of("DELETE", "labels", "team")], [true, false]);
  for (const action of ["ttl", "attribution", "acl"]) assertEquals(of("POST", action), false);
  assertEquals([of("POST"), of("GET")], [false, false]);
});

Deno.test("update() sends no monitoring that is set already, and reads the firewall in force for a check", async () => {
  await using daemon = await startDaemon({
    containers: [{ username, staticIp: true }],
    coreServices: ["otelcollector"],
  });
  using client = await clientOf(daemon);
  await client.containers.setMonitored(username, true);
  const before = daemon.count("POST", "/v1/containers/alice/monitoring");
  const { settings } = await client.containers.update(username, { isMonitored: true });
  assertEquals(settings, ["monitoring"]);
  assertEquals(daemon.count("POST", "/v1/containers/alice/monitoring"), before);
  await client.containers.setFirewall(username, "http_only");
  const seen: unknown[] = [];
  const check = (_now: Container, inForce: string | undefined) => void seen.push(inForce);
  const { firewallBefore } = await client.containers.update(username, {
    firewall: "http_only",
    check,
  });
  await client.containers.update(username, { firewall: "permissive", check });
  await client.containers.update(username, { isProtected: true, check });
  assertEquals([firewallBefore, seen], ["http_only", ["http_only", undefined, undefined]]);
});

Deno.test("create() sends nothing where it cannot learn what is in the way", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const path = "/v1/containers/alice/debug";
  const body = '{"code":7,"message":"permission denied"}';
  daemon.inject({ kind: "answer", method: "GET", path, status: 403, body });
  const error = await assertRejects(
    () => client.containers.create({ username }),
    ContainariumError,
  );
  assertEquals([error.code, daemon.count("POST")], ["permission_denied", 0]);
});
