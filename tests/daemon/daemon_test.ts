/** Faults, holds, creations, and how a daemon ends. @module */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { create, send, statusAndText } from "./asking.ts";
import { startDaemon } from "./mod.ts";

const bob = { containers: [{ username: "bob" }] };

Deno.test("A fault spoils one answer and leaves the next", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "answer", status: 503, body: "busy", contentType: "text/plain" });
  assertEquals(await statusAndText(daemon, "/health"), { status: 503, text: "busy" });
  assertEquals((await statusAndText(daemon, "/health")).status, 200);
});

Deno.test("A fault takes only the requests that it is meant for, as often as it says", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "answer", status: 500, body: "", method: "GET", path: /bob/, times: 2 });
  assertEquals((await statusAndText(daemon, "/health")).status, 200);
  assertEquals((await statusAndText(daemon, "/v1/containers/bob")).status, 500);
  assertEquals((await statusAndText(daemon, "/v1/containers/bob?x=1")).status, 500);
  assertEquals((await statusAndText(daemon, "/v1/containers/bob")).status, 200);
});

Deno.test("A redirect points where it was told and carries nothing out", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "redirect", location: "http://127.0.0.1:1/elsewhere", status: 307 });
  const answer = await send(daemon, "/v1/containers/bob", { method: "DELETE" });
  await answer.body?.cancel();
  assertEquals([answer.status, answer.headers.get("location")], [
    307,
    "http://127.0.0.1:1/elsewhere",
  ]);
  assertEquals(daemon.state("bob"), "CONTAINER_STATE_RUNNING");
});

Deno.test("A truncated answer breaks off in its body", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "truncated" });
  const answer = await send(daemon, "/v1/containers/bob");
  assertEquals(answer.status, 200);
  await assertRejects(() => answer.text(), TypeError);
});

Deno.test("An oversized answer is as large as asked", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "oversized", bytes: 5_000_000 });
  const { text } = await statusAndText(daemon, "/v1/containers");
  assert(text.length > 5_000_000);
  assertEquals(Object.keys(JSON.parse(text)), ["padding"]);
});

Deno.test("Invalid JSON cannot be parsed", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "invalid-json" });
  const answer = await send(daemon, "/v1/containers");
  await assertRejects(() => answer.json(), SyntaxError);
});

Deno.test("A slow body comes in pieces and is complete", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "slow-body", ms: 20 });
  const answer = await send(daemon, "/v1/containers");
  const { totalCount }: { readonly totalCount: number } = await answer.json();
  assertEquals(totalCount, 1);
});

Deno.test("A late answer is still the right one", async () => {
  await using daemon = await startDaemon(bob);
  daemon.inject({ kind: "latency", ms: 10 });
  assertEquals((await statusAndText(daemon, "/v1/containers/bob")).status, 200);
});

Deno.test("A request dropped before it is read is neither counted nor carried out", async () => {
  await using daemon = await startDaemon(bob);
  daemon.dropNext("DELETE", "before-read");
  const ask = { method: "DELETE" };
  await assertRejects(() => send(daemon, "/v1/containers/bob", ask), TypeError);
  assertEquals(daemon.count("DELETE"), 0);
  assertEquals(daemon.state("bob"), "CONTAINER_STATE_RUNNING");
});

Deno.test("A request dropped after it was read is carried out", async () => {
  await using daemon = await startDaemon(bob);
  daemon.dropNext("DELETE", "after-read", /bob/);
  const ask = { method: "DELETE" };
  await assertRejects(() => send(daemon, "/v1/containers/bob", ask), TypeError);
  assertEquals(daemon.count("DELETE", /bob/), 1);
  assertEquals(daemon.state("bob"), undefined);
});

Deno.test("A held request waits until it is released", async () => {
  await using daemon = await startDaemon(bob);
  const hold = daemon.hold("DELETE", "/v1/containers/bob");
  const deleted = send(daemon, "/v1/containers/bob?force=true", { method: "DELETE" });
  await hold.reached;
  assertEquals(daemon.inFlight, 1);
  assertEquals((await statusAndText(daemon, "/v1/containers/bob")).status, 200);
  assertEquals(daemon.maxInFlight, 2);
  hold.release();
  const answer = await deleted;
  await answer.body?.cancel();
  await daemon.when("bob", undefined);
  assertEquals(answer.status, 200);
});

Deno.test("A held request whose client gives up is not carried out", async () => {
  await using daemon = await startDaemon(bob);
  const hold = daemon.hold("DELETE");
  const abort = new AbortController();
  const ask = { method: "DELETE", signal: abort.signal };
  const deleted = assertRejects(() => send(daemon, "/v1/containers/bob", ask), DOMException);
  await hold.reached;
  abort.abort();
  await deleted;
  // The next answer comes from a daemon that has dealt with the lost connection or soon will.
  while (daemon.inFlight > 0) await statusAndText(daemon, "/health");
  hold.release();
  assertEquals(daemon.state("bob"), "CONTAINER_STATE_RUNNING");
});

Deno.test("The requests are kept as they came", async () => {
  await using daemon = await startDaemon(bob);
  await statusAndText(daemon, "/v1/containers/a%2Fb?labelFilter%5Ba%20b%5D=x", {
    method: "PUT",
    body: '{"ü":1}',
    headers: { "x-given": "yes" },
  });
  const [request] = daemon.requests;
  assertEquals(request?.method, "PUT");
  assertEquals(request?.path, "/v1/containers/a%2Fb?labelFilter%5Ba%20b%5D=x");
  assertEquals(request?.body, '{"ü":1}');
  assertEquals(request?.headers["x-given"], "yes");
});

Deno.test("A failed async create hides even a healthy container until the next async create", async () => {
  await using daemon = await startDaemon(bob);
  await create(daemon, { username: "bob", async: true });
  await daemon.when("bob", "CONTAINER_STATE_ERROR");
  const list = await statusAndText(daemon, "/v1/containers");
  assertStringIncludes(list.text, '"state":"CONTAINER_STATE_RUNNING"');
  await statusAndText(daemon, "/v1/containers/bob", { method: "DELETE" });
  assertEquals(daemon.state("bob"), "CONTAINER_STATE_ERROR");
  await create(daemon, { username: "bob", async: true });
  await daemon.when("bob", "CONTAINER_STATE_RUNNING");
});

Deno.test("The next creation can be made to fail, sync or async", async () => {
  await using daemon = await startDaemon();
  daemon.failNextCreate({ reason: "no space left on device" });
  const { status, text } = await create(daemon, { username: "carol" });
  assertEquals(status, 500);
  assertStringIncludes(text, "failed to create container: no space left on device");
  daemon.failNextCreate({ phase: "creating" });
  await create(daemon, { username: "carol", async: true });
  await daemon.when("carol", "CONTAINER_STATE_ERROR");
});

Deno.test("A sync create takes over a host account and a delete removes it", async () => {
  await using daemon = await startDaemon({ hostAccounts: ["deploy", "root"] });
  await create(daemon, { username: "deploy" });
  assertEquals(daemon.hostAccounts, ["deploy", "root"]);
  await statusAndText(daemon, "/v1/containers/deploy", { method: "DELETE" });
  assertEquals(daemon.hostAccounts, ["root"]);
});

Deno.test("A container whose time is up is gone, unless it is protected", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "brief", ttlSeconds: -1 },
      { username: "kept", ttlSeconds: -1, protected: true },
    ],
  });
  assertEquals(daemon.state("brief"), undefined);
  assertEquals(daemon.state("kept"), "CONTAINER_STATE_RUNNING");
});

Deno.test("The sweeper deletes as a request does: the host account and the routes go, what else is kept stays", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "brief", ttlSeconds: 60, ipAddress: "10.77.0.9" }, {
      username: "alice",
    }],
    routes: [{ domain: "brief", targetIp: "10.77.0.9", targetPort: 80 }],
    secrets: [{ username: "brief", name: "KEY", value: "secret" }],
  });
  assertEquals(daemon.hostAccounts, ["alice", "brief"]);
  daemon.endTtl("brief");
  assertEquals(daemon.state("brief"), undefined);
  assertEquals(daemon.hostAccounts, ["alice"]);
  const { routes } = await (await send(daemon, "/v1/network/routes")).json();
  assertEquals(routes, []);
  const { secrets } = await (await send(daemon, "/v1/secrets/brief")).json();
  assertEquals(secrets.length, 1);
});

Deno.test("The sweeper waits for a while after a time to live has ended", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "brief", ttlSeconds: -1 }],
    delays: { sweepMs: 60_000 },
  });
  assertEquals(daemon.state("brief"), "CONTAINER_STATE_RUNNING");
  daemon.endTtl("brief");
  assertEquals(daemon.state("brief"), undefined);
});

Deno.test("Metrics grow while a container runs and are zero when it is stopped", async () => {
  await using daemon = await startDaemon(bob);
  const received = async (): Promise<number> => {
    const answer = await send(daemon, "/v1/metrics/bob");
    const { metrics }: { readonly metrics: readonly { readonly networkRxBytes: string }[] } =
      await answer.json();
    return Number(metrics[0]?.networkRxBytes);
  };
  const before = await received();
  while (await received() === before);
  await statusAndText(daemon, "/v1/containers/bob/stop", { method: "POST" });
  assertEquals(await received(), 0);
});

Deno.test("Closing ends idle connections, held requests and creations, and may be repeated", async () => {
  const daemon = await startDaemon({ ...bob, delays: { creatingMs: 60_000 } });
  const { hostname, port } = new URL(daemon.url);
  using _idle = await Deno.connect({ hostname, port: Number(port) });
  await create(daemon, { username: "carol", async: true });
  const hold = daemon.hold("GET");
  const cut = assertRejects(() => send(daemon, "/v1/containers"), TypeError);
  await hold.reached;
  await daemon.close();
  await cut;
  await daemon.close();
  assertEquals(daemon.inFlight, 0);
});
