import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError, type ContainerState } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

Deno.test("create() sends an asynchronous creation and waits until the container is ready", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const creating = daemon.holdPhase("creating");
  const provisioning = daemon.holdPhase("provisioning");
  const states: ContainerState[] = [];
  const sawProvisioning = Promise.withResolvers<void>();

  const created = client.containers.create({
    username: "alice",
    cpu: "2",
    memory: "4GB",
    disk: "20GB",
    onState: (state) => {
      states.push(state);
      if (state === "provisioning") sawProvisioning.resolve();
    },
  });
  await creating.reached;
  creating.release();
  await sawProvisioning.promise;
  provisioning.release();

  const { ready, container } = await created;
  assertEquals(ready, true);
  assertEquals(container.state, "running");
  assertEquals(container.cpu, "2");
  assertEquals(states, ["creating", "provisioning", "running"]);
  const post = daemon.requests.find(({ method }) => method === "POST");
  assertEquals(JSON.parse(post?.body ?? ""), {
    username: "alice",
    async: true,
    resources: { cpu: "2", memory: "4GB", disk: "20GB" },
  });
});

Deno.test("create() reports what prevents it before anything is sent", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const refusal = (username: string) =>
    assertRejects(() => client.containers.create({ username }), ContainariumError);

  await t.step("the user has a container", async () => {
    const error = await refusal("alice");
    assertEquals(error.code, "conflict");
    assertStringIncludes(error.message, "alice already has a container (running)");
  });
  await t.step("it is being created", async () => {
    const creating = daemon.holdPhase("creating");
    const first = client.containers.create({ username: "bob", waitMs: 0 });
    await creating.reached;
    const error = await refusal("bob");
    assertEquals(error.code, "conflict");
    assertStringIncludes(error.message, "is already being created (creating)");
    creating.release();
    await first;
  });
  for (
    const username of ["terminal", "labels-1", "Alice", "9lives", "root", "x-container", "a/b"]
  ) {
    await t.step(`the username ${username}`, async () => {
      assertEquals((await refusal(username)).code, "invalid_argument");
    });
  }
  assertEquals(daemon.count("POST"), 1, "only bob's creation was sent");
});

Deno.test("create() trusts an ERROR only if the list lacks the container", async (t) => {
  await t.step("a creation that failed", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    daemon.failNextCreate();
    const error = await assertRejects(
      () => client.containers.create({ username: "alice" }),
      ContainariumError,
    );
    assertEquals(error.code, "internal");
    assertStringIncludes(error.message, "could not create the container for alice");
  });
  await t.step("an old ERROR does not stand in the way of the next one", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    daemon.failNextCreate();
    await assertRejects(() => client.containers.create({ username: "alice" }), ContainariumError);
    const { container } = await client.containers.create({ username: "alice" });
    assertEquals(container.state, "running");
  });
});

Deno.test("create() reports a container that was deleted meanwhile", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const provisioning = daemon.holdPhase("provisioning");
  // The create may see it before the delete has returned.
  const rejected = assertRejects(
    () => client.containers.create({ username: "alice" }),
    ContainariumError,
  );
  await provisioning.reached;
  await client.containers.delete("alice");
  const error = await rejected;
  assertStringIncludes(error.message, "deleted while it was being created");
  provisioning.release();
});

Deno.test("create() does not return another creation's container", async (t) => {
  await t.step("another creation was quicker", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    const creating = daemon.holdPhase("creating");
    const created = client.containers.create({ username: "alice" });
    await creating.reached;
    const says = (path: string, body: unknown) =>
      daemon.inject({
        kind: "answer",
        method: "GET",
        path,
        status: 200,
        body: JSON.stringify(body),
      });
    const of = (state: string) => ({ username: "alice", state: `CONTAINER_STATE_${state}` });
    says("/v1/containers", { containers: [of("RUNNING")] });
    says("/v1/containers/alice", { container: of("ERROR") });
    const error = await assertRejects(() => created, ContainariumError);
    assertEquals([error.code, error.reason, error.details], [
      "conflict",
      "already_exists",
      { username: "alice" },
    ]);
    assertStringIncludes(error.message, "Another creation for alice finished first");
    creating.release();
  });
  await t.step("the answer was lost, and what is there has other limits", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    using other = await clientOf(daemon);
    const hold = daemon.hold("POST", "/v1/containers");
    const created = client.containers.create({ username: "alice", memory: "8GB" });
    await hold.reached;
    await other.containers.create({ username: "alice", memory: "4GB" });
    daemon.dropNext("POST", "after-read", "/v1/containers");
    hold.release();
    const error = await assertRejects(() => created, ContainariumError);
    assertEquals(error.code, "ambiguous");
  });
});

Deno.test("create() returns a container that was halted before it was ready", async (t) => {
  for (const state of ["FROZEN", "STOPPED"] as const) {
    await t.step(state, async () => {
      await using daemon = await startDaemon();
      using client = await clientOf(daemon);
      const provisioning = daemon.holdPhase("provisioning");
      const sawProvisioning = Promise.withResolvers<void>();
      const onState = (state: ContainerState) =>
        state === "provisioning" && sawProvisioning.resolve();
      const created = client.containers.create({ username: "alice", onState });
      await sawProvisioning.promise;
      const body = { container: { username: "alice", state: `CONTAINER_STATE_${state}` } };
      daemon.inject({
        kind: "answer",
        method: "GET",
        path: "/v1/containers/alice",
        status: 200,
        body: JSON.stringify(body),
      });
      const { ready, container } = await created;
      assertEquals([ready, container.state], [false, state.toLowerCase()]);
      provisioning.release();
    });
  }
});

Deno.test("create() waits for a container that the response does not describe yet", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  await using proxy = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const body = method === "GET" ? null : await request.text();
      const answer = await fetch(`${daemon.url}${pathname}${search}`, { method, headers, body });
      if (method === "GET") return answer;
      await answer.body?.cancel();
      return Response.json({ container: null, message: "accepted" });
    },
  );
  const serverUrl = `http://127.0.0.1:${proxy.addr.port}`;
  using through = await clientOf(daemon, { serverUrl });
  const { ready, container } = await through.containers.create({ username: "alice" });
  assertEquals([ready, container.state], [true, "running"]);
  assertEquals((await client.containers.get("alice")).ipAddress, container.ipAddress);
});

Deno.test("create() returns the current state when the wait ends", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const creating = daemon.holdPhase("creating");
  const { ready, container } = await client.containers.create({ username: "alice", waitMs: 0 });
  assertEquals(ready, false);
  assertEquals(container.state, "creating");
  await creating.reached;
  creating.release();
});

Deno.test("create() works with daemons of any age", async (t) => {
  for (const version of ["0.3.0", "0.6.0", "0.67.0"] as const) {
    await t.step(version, async () => {
      await using daemon = await startDaemon({ version });
      using client = await clientOf(daemon);
      const { ready } = await client.containers.create({ username: "alice", enablePodman: true });
      assertEquals(ready, true);
    });
  }
});

Deno.test("create() resolves a lost response by reading, and sends nothing twice", async (t) => {
  await t.step("it happened", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    daemon.dropNext("POST", "after-read", "/v1/containers");
    const { ready, container } = await client.containers.create({ username: "alice" });
    assertEquals([ready, container.state], [true, "running"]);
    assertEquals(daemon.count("POST"), 1);
  });
  await t.step("it did not happen: that is told as not known", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    daemon.dropNext("POST", "before-read", "/v1/containers");
    const error = await assertRejects(
      () => client.containers.create({ username: "alice" }),
      ContainariumError,
    );
    assertEquals(error.code, "ambiguous");
    assertEquals(daemon.state("alice"), undefined);
    assertEquals(daemon.count("POST"), 0);
  });
});

Deno.test("create() refuses to rewrite a host account that has no container", async () => {
  await using daemon = await startDaemon({ hostAccounts: ["deploy"] });
  using client = await clientOf(daemon);
  const error = await assertRejects(
    () => client.containers.create({ username: "deploy" }),
    ContainariumError,
  );
  assertEquals(error.code, "failed_precondition");
  assertStringIncludes(error.message, "remove the account with its home");
  assertEquals(daemon.count("POST"), 0);
});

Deno.test("create() enables nested containers by the name that the daemon knows", async (t) => {
  const keys = { "0.3.0": "dockerEnabled", "0.6.0": "podmanEnabled" } as const;
  for (const [version, key] of [["0.3.0", keys["0.3.0"]], ["0.6.0", keys["0.6.0"]]] as const) {
    await t.step(version, async () => {
      await using daemon = await startDaemon({ version });
      using client = await clientOf(daemon);
      await client.containers.create({ username: "alice", enablePodman: true });
      const response = await fetch(`${daemon.url}/v1/containers/alice`, {
        headers: { authorization: `Bearer ${await daemon.token()}` },
      });
      assertEquals((await response.json()).container[key], true);
    });
  }
  await t.step("a daemon of 0.16.0 that refuses the other name", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    const body = '{"code":404,"error":"rpc error: code = NotFound desc = Not Found"}';
    daemon.inject({ kind: "answer", status: 404, body, path: /\/debug$/ });
    const { ready } = await client.containers.create({ username: "alice", enablePodman: true });
    assertEquals(ready, true);
    const bodies = daemon.requests.filter(({ method }) => method === "POST").map(({ body }) =>
      body
    );
    assertEquals(bodies.map((text) => Object.keys(JSON.parse(text)).slice(2)), [
      ["enablePodman", "enableDocker"],
      ["enablePodman"],
    ]);
  });
});

Deno.test("create() sends labels, a time to live and an OS, and returns what was ignored", async (t) => {
  const options = {
    username: "alice",
    labels: { team: "dev" },
    ttlSeconds: 3600,
    os: "rocky_9",
    image: "images:ubuntu/24.04",
  } as const;
  await t.step("a daemon of today", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    const { container, ignored } = await client.containers.create(options);
    assertEquals(ignored, []);
    assertEquals([container.labels, container.os], [{ team: "dev" }, "rocky_9"]);
    assert(container.ttlExpiresAt !== undefined);
    const post = daemon.requests.find(({ method }) => method === "POST");
    assertEquals(JSON.parse(post?.body ?? "").image, undefined, "an OS brings its image");
  });
  await t.step("a daemon of January 2026", async () => {
    await using daemon = await startDaemon({ version: "0.3.0" });
    using client = await clientOf(daemon);
    const { ignored } = await client.containers.create(options);
    assertEquals(ignored, ["labels", "ttl"]);
  });
});
