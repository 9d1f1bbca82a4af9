/** What a client makes of the little that a daemon passes on of its peers. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { startTwoHosts, type TwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";

const resources = { cpu: "1", memory: "1GB", disk: "5GB" };

function withBob(peerAnswerMs = 30_000): Promise<TwoHosts> {
  return startTwoHosts(
    { delays: { peerAnswerMs } },
    { containers: [{ username: "bob", resources }] },
  );
}

async function refusal(
  hosts: TwoHosts,
  run: (client: ContainariumClient) => Promise<unknown>,
): Promise<ContainariumError> {
  using client = await clientOf(hosts.near);
  return await assertRejects(() => run(client), ContainariumError);
}

const refuse = { kind: "answer", status: 500, body: '{"error":"the disk is on fire"}' } as const;

Deno.test("get() reads a peer's container without the times and settings that the daemon does not forward", async () => {
  await using hosts = await withBob();
  using client = await clientOf(hosts.near);
  const { backendId, pool, state, createdAt, image, cpu } = await client.containers.get("bob");
  assertEquals([backendId, pool, state, cpu], ["far", "gpu", "running", "1"]);
  assertEquals([createdAt, image], [undefined, undefined]);
});

Deno.test("list() filters the peer's rows that the daemon adds to any list", async () => {
  await using hosts = await startTwoHosts(
    { containers: [{ username: "alice", labels: { team: "dev" } }, { username: "eve" }] },
    {
      containers: [
        { username: "bob", labels: { team: "dev" } },
        { username: "carol", state: "CONTAINER_STATE_STOPPED" },
        { username: "dave", state: "CONTAINER_STATE_FROZEN" },
      ],
    },
  );
  using client = await clientOf(hosts.near);
  const names = async (...[conditions]: Parameters<typeof client.containers.list>) =>
    (await client.containers.list(conditions)).map(({ username }) => username);
  assertEquals(await names({ state: "stopped" }), ["carol"]);
  assertEquals(await names({ state: "unknown" }), ["dave"], "a peer's words for it are lost");
  assertEquals(await names({ labels: { team: "dev" } }), ["alice", "bob"]);
  assertEquals(await names({ username: "bob" }), ["bob"]);
  assertEquals(await names({ backend: "far" }), ["bob", "carol", "dave"]);
  assertEquals(await names({ backend: "near" }), ["alice", "eve"]);
  assertEquals(await names({ pool: "gpu", state: "running" }), ["bob"]);
  assertEquals(await names({ backend: "nowhere" }), []);
});

Deno.test("a peer's container is stopped, started, resized and deleted", async () => {
  await using hosts = await withBob();
  using client = await clientOf(hosts.near);
  const { containers } = client;
  assertEquals((await containers.stop("bob")).container.state, "stopped");
  assertEquals((await containers.start("bob")).container.state, "running");
  assertEquals((await containers.resize("bob", { memory: "2GB" })).after, { memory: "2GB" });
  const { deleted, protectionChecked } = await containers.delete("bob");
  assertEquals([deleted, protectionChecked], [true, false]);
  assertEquals(hosts.far.state("bob"), undefined);
});

Deno.test("stop() fails if the peer refuses, although the daemon reports success", async () => {
  await using hosts = await withBob();
  hosts.far.inject({ ...refuse, method: "POST" });
  const error = await refusal(hosts, ({ containers }) => containers.stop("bob"));
  assertEquals(error.code, "internal");
  assertStringIncludes(error.message, "it is running there: the backend refused");
});

Deno.test("stop() is ambiguous if the peer is slow, although the daemon reports not_found", async () => {
  await using hosts = await withBob(20);
  const stopping = hosts.far.hold("POST", "/v1/containers/bob/stop");
  const error = await refusal(hosts, ({ containers }) => containers.stop("bob"));
  assertEquals(error.code, "ambiguous");
  assertStringIncludes(error.message, "bob-container is on far, which did not answer to the stop");
  stopping.release();
});

Deno.test("restart() whose start the peer refuses says that the container is left stopped", async () => {
  await using hosts = await withBob();
  const starting = hosts.near.hold("POST", "/v1/containers/bob/start");
  const refused = refusal(hosts, ({ containers }) => containers.restart("bob"));
  await starting.reached;
  hosts.far.inject({ ...refuse, method: "POST" });
  starting.release();
  const { reason, details, message } = await refused;
  assertEquals([reason, details.username], ["left_stopped", "bob"]);
  assertStringIncludes(message, "but it is stopped there: the backend refused");
});

Deno.test("delete() of a peer's container says no more than that it was cancelled", async () => {
  await using hosts = await withBob();
  using client = await clientOf(hosts.near);
  const cancel = new AbortController();
  const deleting = hosts.near.hold("DELETE");
  const cancelled = assertRejects(
    () => client.containers.delete("bob", { signal: cancel.signal }),
    ContainariumError,
  );
  await deleting.reached;
  cancel.abort();
  assertEquals(
    (await cancelled).message,
    "Cancelled while DELETE /v1/containers/bob was in progress: the daemon may still execute it",
  );
  deleting.release();
});

Deno.test("start() of a peer's container that the daemon does not permit fails with that", async () => {
  await using hosts = await withBob();
  const body = '{"code":7,"message":"permission denied"}';
  hosts.near.inject({ kind: "answer", status: 403, method: "POST", body });
  const { code } = await refusal(hosts, ({ containers }) => containers.start("bob"));
  assertEquals(code, "permission_denied");
});

Deno.test("stop() of a container that no host has: not_found", async () => {
  await using hosts = await withBob();
  const error = await refusal(hosts, ({ containers }) => containers.stop("nobody"));
  assertEquals(error.code, "not_found");
});

Deno.test("delete() that the peer refuses reports where the container is", async () => {
  await using hosts = await withBob();
  hosts.far.inject({ ...refuse, method: "DELETE" });
  const error = await refusal(hosts, ({ containers }) => containers.delete("bob"));
  assertEquals(error.code, "internal");
  assertStringIncludes(error.message, "peer far returned status 500 for delete");
  assertStringIncludes(error.message, "It is on far and running; only that backend's log");
});

Deno.test("delete() that the peer refuses says so if nobody can tell where the container is", async () => {
  await using hosts = await withBob();
  const deleting = hosts.near.hold("DELETE");
  const refused = refusal(hosts, ({ containers }) => containers.delete("bob"));
  await deleting.reached;
  hosts.far.inject({ ...refuse, method: "DELETE" });
  hosts.near.inject({ ...refuse, method: "GET", times: 3 });
  deleting.release();
  const { code, message } = await refused;
  assertEquals(code, "internal");
  assertStringIncludes(message, "peer far returned status 500 for delete");
  assertStringIncludes(message, "Whether it is still on far is unknown");
});

Deno.test("delete() that the peer refuses ends when it is cancelled while it reads what became of it", async () => {
  await using hosts = await withBob();
  using client = await clientOf(hosts.near);
  const cancel = new AbortController();
  const deleting = hosts.near.hold("DELETE");
  const refused = assertRejects(
    () => client.containers.delete("bob", { signal: cancel.signal }),
    ContainariumError,
  );
  await deleting.reached;
  hosts.far.inject({ ...refuse, method: "DELETE" });
  const look = hosts.near.hold("GET", "/v1/containers/bob");
  deleting.release();
  await look.reached;
  cancel.abort();
  assertStringIncludes((await refused).message, "Whether it is still on far is unknown");
  look.release();
});

Deno.test("delete() that the peer refuses says so if the container is gone all the same", async () => {
  await using hosts = await withBob();
  const deleting = hosts.near.hold("DELETE");
  const refused = refusal(hosts, ({ containers }) => containers.delete("bob"));
  await deleting.reached;
  using far = await clientOf(hosts.far);
  await far.containers.delete("bob");
  hosts.far.inject({ ...refuse, method: "DELETE" });
  deleting.release();
  assertStringIncludes((await refused).message, ". It is gone now");
});

Deno.test("delete() and resize() are ambiguous if the peer is slow", async (t) => {
  await t.step("delete", async () => {
    await using hosts = await withBob(20);
    const deleting = hosts.far.hold("DELETE");
    const error = await refusal(hosts, ({ containers }) => containers.delete("bob"));
    assertEquals(error.code, "ambiguous");
    assertStringIncludes(error.message, "context deadline exceeded");
    deleting.release();
  });
  await t.step("resize", async () => {
    await using hosts = await withBob(20);
    const resizing = hosts.far.hold("PUT");
    const error = await refusal(
      hosts,
      ({ containers }) => containers.resize("bob", { memory: "2GB" }),
    );
    assertEquals(error.code, "ambiguous");
    assertStringIncludes(error.message, "Nothing was changed");
    resizing.release();
  });
});

Deno.test("create() on a peer waits until the peer's container is ready", async () => {
  await using hosts = await startTwoHosts();
  using client = await clientOf(hosts.near);
  const creating = hosts.far.holdPhase("creating");
  const seen = Promise.withResolvers<void>();
  const created = client.containers.create({
    username: "bob",
    backend: "far",
    ...resources,
    onState: (state) => {
      if (state === "unknown") seen.resolve();
    },
  });
  await seen.promise;
  creating.release();
  const { ready, container } = await created;
  assertEquals([ready, container.backendId, container.state], [true, "far", "running"]);
  const [post] = hosts.near.requests.filter(({ method }) => method === "POST");
  assertEquals(JSON.parse(post?.body ?? "").async, true);
});

Deno.test("create() on a peer waits even if the peer does not list the container at once", async () => {
  await using hosts = await startTwoHosts();
  using client = await clientOf(hosts.near);
  const empty = JSON.stringify({ containers: [], totalCount: 0 });
  const created = client.containers.create({ username: "bob", backend: "far", ...resources });
  // The looks before the creation, and the first after it.
  hosts.far.inject({
    kind: "answer",
    path: "/v1/containers",
    method: "GET",
    times: 3,
    status: 200,
    body: empty,
  });
  assertEquals((await created).ready, true);
});

Deno.test("create() that fails on a peer says that the reason is unknown", async () => {
  await using hosts = await startTwoHosts();
  hosts.far.failNextCreate();
  const provisioning = hosts.far.holdPhase("provisioning");
  using client = await clientOf(hosts.near);
  const seen = Promise.withResolvers<void>();
  const created = assertRejects(() =>
    client.containers.create({
      username: "bob",
      backend: "far",
      onState: (state) => {
        if (state === "unknown") seen.resolve();
      },
    }), ContainariumError);
  await seen.promise;
  provisioning.release();
  const error = await created;
  assertEquals(error.code, "internal");
  assertStringIncludes(
    error.message,
    "The backend far accepted the creation but does not list the container any more: it could not",
  );
});

Deno.test("create() on a peer that never lists the container says so once the peer has had its time", async () => {
  await using hosts = await startTwoHosts();
  using client = await clientOf(hosts.near);
  const empty = JSON.stringify({ containers: [], totalCount: 0 });
  const posted = hosts.near.hold("POST", "/v1/containers");
  const created = assertRejects(
    () => client.containers.create({ username: "bob", backend: "far", ...resources }),
    ContainariumError,
  );
  await posted.reached;
  hosts.far.inject({
    kind: "answer",
    path: "/v1/containers",
    method: "GET",
    times: 100,
    status: 200,
    body: empty,
  });
  const look = hosts.near.hold("GET", "/v1/containers/bob");
  posted.release();
  await look.reached;
  const { now } = performance;
  performance.now = () => now.call(performance) + 6_000;
  try {
    look.release();
    const { code, message } = await created;
    assertEquals(code, "internal");
    assertStringIncludes(message, "does not list the container: it could not be created there");
  } finally {
    performance.now = now;
  }
});

Deno.test("create() on a peer ends at a failure that is not the peer's", async () => {
  await using hosts = await startTwoHosts();
  using client = await clientOf(hosts.near);
  const posted = hosts.near.hold("POST", "/v1/containers");
  const created = assertRejects(
    () => client.containers.create({ username: "bob", backend: "far", ...resources }),
    ContainariumError,
  );
  await posted.reached;
  const answer = (path: string, body: unknown) =>
    hosts.near.inject({
      kind: "answer",
      method: "GET",
      path,
      status: 200,
      body: JSON.stringify(body),
    });
  answer("/v1/containers/bob", { container: { username: "bob", state: "CONTAINER_STATE_ERROR" } });
  answer("/v1/containers?username=bob", { containers: [] });
  posted.release();
  const { code, reason, message } = await created;
  assertEquals([code, reason], ["internal", "creation_failed"]);
  assertStringIncludes(message, "The daemon could not create the container for bob");
});

Deno.test("create() in a pool that the peer does not know quotes the peer", async () => {
  await using hosts = await startTwoHosts();
  const error = await refusal(
    hosts,
    ({ containers }) => containers.create({ username: "bob", pool: "gpu" }),
  );
  assertEquals(error.code, "failed_precondition");
  assertStringIncludes(error.message, 'failed to create container on backend "far"');
  assertStringIncludes(error.message, "no healthy backend found in pool");
});

Deno.test("create() on a missing or unhealthy backend says so", async () => {
  await using hosts = await startTwoHosts();
  const error = await refusal(
    hosts,
    ({ containers }) => containers.create({ username: "bob", backend: "fart" }),
  );
  assertStringIncludes(error.message, 'backend "fart" not found');
  assertEquals(error.code, "invalid_argument");
});
