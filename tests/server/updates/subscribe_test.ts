/** `resources/subscribe` and what follows it, over one stream of events. */
import { assert, assertEquals } from "@std/assert";
import { connectProcess } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { modern } from "../modern_envelope.ts";
import {
  otherClient,
  serveFleet,
  subscribe,
  untilUpdates,
  updatesIn,
  uriOf,
} from "./serve_fleet.ts";
import { testWithPty } from "../../with_pty.ts";

Deno.test("resources/subscribe reports what others do to a container, on one stream that ends with it", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await serveFleet(daemon);
  using other = await otherClient(daemon);
  await server.initialize();
  const paths = ["containers", "containers/alice", "containers/bob", "ssh-config"];
  const answers = await subscribe(server, ...paths, "containers/alice");
  assertEquals(answers.map(({ result }) => result), [{}, {}, {}, {}, {}]);
  await other.containers.stop("alice");
  await untilUpdates(server, 3);
  assertEquals(updatesIn(server).toSorted(), ["containers", "containers/alice", "ssh-config"]);
  assertEquals(daemon.count("GET", /^\/v1\/events/), 1);
  for (const path of paths) await server.request("resources/unsubscribe", { uri: uriOf(path) });
  await daemon.idle();
  assertEquals(daemon.eventStreams, 0);
  // Nothing is subscribed any more, which is no error.
  const again = await server.request("resources/unsubscribe", { uri: uriOf("containers") });
  assertEquals(again.result, {});
  // And from the start.
  await subscribe(server, "containers/bob");
  await other.containers.stop("bob");
  await untilUpdates(server, 1, "containers/bob");
});

Deno.test("a container that comes, goes and comes again is reported each time", async () => {
  await using daemon = await startDaemon();
  await using server = await serveFleet(daemon);
  using other = await otherClient(daemon);
  await subscribe(server, "containers/carol");
  await other.containers.create({ username: "carol" });
  await untilUpdates(server, 1, "containers/carol");
  await other.containers.delete("carol", { force: true });
  await untilUpdates(server, 2, "containers/carol");
});

Deno.test("what is read for subscribers belongs to no request's trace", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon, { pollMs: 20 });
  using other = await otherClient(daemon);
  const _meta = { traceparent: `00-${"a".repeat(32)}-b7ad6b7169203331-01`, baggage: "k=v" };
  await server.request("resources/subscribe", { uri: uriOf("containers/alice"), _meta });
  await other.containers.update("alice", { labels: { team: "dev" } });
  await untilUpdates(server, 1);
  const traced = daemon.requests.filter(({ headers }) =>
    headers.traceparent !== undefined || headers.baggage !== undefined
  );
  assertEquals(traced.map(({ path }) => path), []);
});

Deno.test("what the daemon has no event for is found by polling", async () => {
  await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon, { pollMs: 20 });
  using other = await otherClient(daemon);
  await subscribe(server, "containers/alice", "containers/alice/snapshots", "quotas");
  await other.containers.update("alice", { labels: { team: "dev" } });
  await untilUpdates(server, 1, "containers/alice");
  daemon.takeSnapshot("alice", "before");
  await untilUpdates(server, 1, "containers/alice/snapshots");
  assertEquals(updatesIn(server), ["containers/alice", "containers/alice/snapshots"]);
});

testWithPty(
  "what a container writes to its log is found by polling, and no terminal is opened in vain",
  async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
      shell: { journal: [{ message: "one", unit: "a.service" }] },
    });
    await using server = await serveFleet(daemon, { pollMs: 50, firstLookMs: 60_000 });
    await subscribe(server, "containers/alice/logs", "containers/bob/logs");
    daemon.logJournal("alice", { message: "two", unit: "a.service" });
    await untilUpdates(server, 1);
    assertEquals(updatesIn(server), ["containers/alice/logs"]);
    assertEquals(daemon.requests.some(({ path }) => path.includes("bob/terminal")), false);
  },
);

Deno.test("what this server changed is reported at once, without an event or a poll", async () => {
  await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon);
  await subscribe(server, "containers/alice", "containers/alice/snapshots", "containers/bob");
  const call = (name: string, args: Readonly<Record<string, unknown>>) =>
    server.request("tools/call", { name, arguments: args });
  await call("update_container", { username: "alice", labels: { team: "dev" } });
  await untilUpdates(server, 1, "containers/alice");
  await call("create_snapshot", { username: "alice-container", name: "before" });
  await untilUpdates(server, 1, "containers/alice/snapshots");
  await call("create_containers", { usernames: ["bob"] });
  await untilUpdates(server, 1, "containers/bob");
});

Deno.test("events of others' containers make a user's server ask for nothing", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await serveFleet(daemon, { claims: { username: "alice" } });
  using other = await otherClient(daemon);
  await subscribe(server, "containers", "containers/alice");
  const listsOfRead = async () => {
    const before = daemon.count("GET", "/v1/containers");
    await server.request("resources/read", { uri: uriOf("containers/alice") });
    return daemon.count("GET", "/v1/containers") - before;
  };
  await other.containers.stop("alice");
  await untilUpdates(server, 2);
  // The first read learns what the host is.
  await listsOfRead();
  const usual = await listsOfRead();
  await other.containers.stop("bob");
  daemon.writeEvents(eventOf("bob").repeat(20));
  assertEquals(await listsOfRead(), usual);
  assertEquals(await listsOfRead(), usual);
  await other.containers.start("alice");
  await untilUpdates(server, 4);
  assertEquals(new Set(updatesIn(server)), new Set(["containers", "containers/alice"]));
});

/** An event without a change. */
function eventOf(username: string): string {
  return `event: container_started\ndata: {"resourceId":"${username}-container"}\n\n`;
}

Deno.test("1,000 subscriptions cost the daemon one stream and a list", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "u7" }] });
  await using server = await serveFleet(daemon, { firstLookMs: 60_000 });
  const paths = Array.from({ length: 1_000 }, (_, n) => `containers/u${n}`);
  const answered = (count: number) => () =>
    server.messages.filter(({ id, result }) => id !== undefined && result !== undefined).length ===
      count;
  for (const [id, path] of paths.entries()) {
    await server.send({ id, method: "resources/subscribe", params: { uri: uriOf(path) } });
  }
  await server.next(answered(1_000));
  assertEquals(daemon.count("GET", /^\/v1\/events/), 1);
  const lists = daemon.count("GET", "/v1/containers");
  assert(lists <= 50, `${lists} lists`);
  using other = await otherClient(daemon);
  await other.containers.stop("u7");
  await untilUpdates(server, 1);
  assertEquals(updatesIn(server), ["containers/u7"]);
  for (const [n, path] of paths.entries()) {
    const params = { uri: uriOf(path) };
    await server.send({ id: 1_000 + n, method: "resources/unsubscribe", params });
  }
  await server.next(answered(2_000));
  await daemon.idle();
  assertEquals(daemon.eventStreams, 0);
});

Deno.test("subscriptions one after the other share a list, too", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "u7" }] });
  const leastMs = 200;
  await using server = await serveFleet(daemon, { leastMs });
  const started = performance.now();
  for (let n = 0; n < 50; n++) await subscribe(server, `containers/u${n}`);
  const lists = daemon.count("GET", "/v1/containers");
  const elapsed = performance.now() - started;
  assert(lists <= 2 * (elapsed / leastMs + 1), `${lists} lists in ${elapsed} ms`);
  using other = await otherClient(daemon);
  await other.containers.stop("u7");
  await untilUpdates(server, 1, "containers/u7");
});

Deno.test("a client has at most 2,000 subscriptions", async () => {
  await using daemon = await startDaemon();
  await using server = await serveFleet(daemon);
  const uris = Array.from({ length: 2_001 }, (_, n) => uriOf(`containers/u${n}`));
  const params = modern({ notifications: { resourceSubscriptions: uris } });
  await server.send({ id: 1, method: "subscriptions/listen", params });
  const acknowledged = await server.next(({ method = "" }) => method.endsWith("/acknowledged"));
  const { resourceSubscriptions: honored } = Object(acknowledged.params?.notifications);
  assertEquals(honored.length, 2_000);
  // Another subscription to the same resource counts, too: each is something to report to.
  const refused = await subscribe(server, "containers", "containers/u5");
  assertEquals(refused.map(({ error }) => error?.code), [-32602, -32602]);
  // One to nothing stays open as well.
  const { error } = await server.request(
    "subscriptions/listen",
    modern({ notifications: { toolsListChanged: true } }),
  );
  assertEquals(error?.code, -32602);
});

Deno.test("500 events in a moment cost a few requests, and one update a while", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const leastMs = 100;
  await using server = await serveFleet(daemon, { leastMs });
  await subscribe(server, "containers", "containers/alice");
  const started = performance.now();
  for (let n = 0; n < 250; n++) {
    for (const state of ["CONTAINER_STATE_STOPPED", "CONTAINER_STATE_RUNNING"] as const) {
      daemon.replace({ username: "alice", state });
      daemon.writeEvents(eventOf("alice"));
    }
  }
  await untilUpdates(server, 1, "containers");
  // The last state is reported too, however late.
  using other = await otherClient(daemon);
  await other.containers.stop("alice");
  await untilUpdates(server, 2, "containers");
  const elapsed = performance.now() - started;
  const most = Math.ceil(elapsed / leastMs) + 1;
  const updates = updatesIn(server).filter((path) => path === "containers").length;
  assert(updates <= most, `${updates} in ${elapsed} ms`);
  const lists = daemon.count("GET", "/v1/containers");
  assert(lists <= most + 2, `${lists} lists in ${elapsed} ms`);
});

Deno.test("after a restart of the daemon everything is read again and compared", async () => {
  const containers = [{ username: "alice" }, { username: "bob" }];
  const before = await startDaemon({ containers });
  await using server = await serveFleet(before);
  await subscribe(server, "containers/alice", "containers/bob");
  await before.close();
  await using after = await startDaemon({
    port: Number(new URL(before.url).port),
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }, {
      username: "bob",
      createdAt: new Date(0),
    }],
  });
  await untilUpdates(server, 2);
  assertEquals(updatesIn(server).toSorted(), ["containers/alice", "containers/bob"]);
  // The same as it was: nothing to report.
  after.dropEventStreams();
  using other = await otherClient(after);
  await server.request("resources/read", { uri: uriOf("containers/alice") });
  await other.containers.start("alice");
  await untilUpdates(server, 2, "containers/alice");
  assertEquals(updatesIn(server).filter((path) => path === "containers/bob").length, 1);
});

Deno.test("a daemon without events is polled", async () => {
  await using daemon = await startDaemon({ version: "0.3.0", containers: [{ username: "alice" }] });
  await using server = await serveFleet(daemon, { pollMs: 20 });
  await subscribe(server, "containers");
  daemon.replace({ username: "bob" });
  await untilUpdates(server, 1);
});

Deno.test("who subscribes while the daemon is away learns when it is back", async () => {
  const before = await startDaemon();
  await before.close();
  await using server = await serveFleet(before, { pollMs: 20, firstLookMs: 10 });
  const paths = Array.from({ length: 200 }, (_, n) => `containers/u${n}`);
  const answers = await subscribe(server, "containers", ...paths);
  assert(answers.every(({ error }) => error === undefined));
  await using _after = await startDaemon({ port: Number(new URL(before.url).port) });
  await untilUpdates(server, 1, "containers");
});

Deno.test("a client that goes leaves nothing open", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const server = await serveFleet(daemon, { pollMs: 20 });
  await subscribe(server, "containers", "containers/alice/logs", "system");
  const held = daemon.hold("GET", "/v1/containers");
  await held.reached;
  await server.close();
  await server.ended;
  await daemon.idle();
  assertEquals(daemon.eventStreams, 0);
  await server[Symbol.asyncDispose]();
});

Deno.test("resources/subscribe refuses what there is not, and the revision that has no such method", async () => {
  await using daemon = await startDaemon();
  await using server = await serveFleet(daemon);
  const codeOf = async (method: string, params: Readonly<Record<string, unknown>>) =>
    (await server.request(method, params)).error?.code;
  assertEquals(await codeOf("resources/subscribe", { uri: "containarium://none" }), -32002);
  assertEquals(await codeOf("resources/subscribe", {}), -32602);
  assertEquals(await codeOf("resources/unsubscribe", { uri: 7 }), -32602);
  assertEquals(daemon.requests, []);
  // What was refused can be asked for again.
  assertEquals(await codeOf("resources/subscribe", { uri: "containarium://none" }), -32002);
});

Deno.test("the real process reports updates, and leaves with its client", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connectProcess(daemon);
  await server.request("resources/subscribe", { uri: uriOf("containers/alice") });
  await server.call("stop_container", { username: "alice" });
  const update = await server.next(({ method }) => method === "notifications/resources/updated");
  assertEquals(update.params, { uri: uriOf("containers/alice") });
  await server.closeStdin();
  assertEquals((await server.exited).code, 0);
});
