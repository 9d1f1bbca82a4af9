/** What `create()` makes of a creation whose response was lost, from what is there afterwards. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError, type CreateOptions, type CreateResult } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const username = "alice";

/** Loses the response to a creation, which another one overtook. */
async function overtakenBy(
  other: Partial<CreateOptions>,
  options: Partial<CreateOptions>,
): Promise<CreateResult> {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const hold = daemon.hold("POST", "/v1/containers");
  const created = client.containers.create({ username, ...options });
  created.catch(() => {});
  await hold.reached;
  await client.containers.create({ username, ...other });
  daemon.dropNext("POST", "after-read", "/v1/containers");
  hold.release();
  return await created;
}

Deno.test("create() takes what is there for its own only if it has the limits that were asked for", async (t) => {
  const own: readonly (readonly [Partial<CreateOptions>, Partial<CreateOptions>])[] = [
    [{ cpu: "250m" }, { cpu: "0.25" }],
    [{ cpu: "2", memory: "4GB", disk: "20GB" }, { cpu: "2", memory: "4GB", disk: "20GB" }],
    [{ cpu: "2", memory: "4GB", disk: "20GB" }, {}],
  ];
  for (const [is, asked] of own) {
    await t.step(`${JSON.stringify(asked)} of ${JSON.stringify(is)}`, async () => {
      assertEquals((await overtakenBy(is, asked)).ready, true);
    });
  }
  const others: readonly (readonly [Partial<CreateOptions>, Partial<CreateOptions>])[] = [
    [{ cpu: "2" }, { cpu: "1" }],
    [{ cpu: "0-1" }, { cpu: "2" }],
    [{ memory: "4GB" }, { memory: "8GB" }],
    [{ disk: "20GB" }, { disk: "30GB" }],
  ];
  for (const [is, asked] of others) {
    await t.step(`${JSON.stringify(asked)}, not of ${JSON.stringify(is)}`, async () => {
      const error = await assertRejects(() => overtakenBy(is, asked), ContainariumError);
      assertEquals(error.code, "ambiguous");
    });
  }
});

Deno.test("create() takes an ERROR for its own only if there was none before", async (t) => {
  await t.step("none before: this creation failed", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    daemon.failNextCreate();
    daemon.dropNext("POST", "after-read", "/v1/containers");
    const error = await assertRejects(
      () => client.containers.create({ username }),
      ContainariumError,
    );
    assertEquals(error.reason, "creation_failed");
  });
  await t.step("one before: whether this creation happened is unknown", async () => {
    await using daemon = await startDaemon();
    using client = await clientOf(daemon);
    daemon.failNextCreate();
    await assertRejects(() => client.containers.create({ username }), ContainariumError);
    daemon.dropNext("POST", "before-read", "/v1/containers");
    const error = await assertRejects(
      () => client.containers.create({ username }),
      ContainariumError,
    );
    assertEquals(error.code, "ambiguous");
  });
});

Deno.test("create() looks again for a creation whose response was lost, if a look fails", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const hold = daemon.hold("POST", "/v1/containers");
  const created = client.containers.create({ username });
  await hold.reached;
  daemon.inject({ kind: "answer", method: "GET", status: 500, body: "{}" });
  daemon.dropNext("POST", "after-read", "/v1/containers");
  hold.release();
  assertEquals((await created).ready, true);
});

Deno.test("create() takes what is there for its own if its limits are not known yet", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const post = daemon.hold("POST", "/v1/containers");
  const created = client.containers.create({ username, cpu: "2", memory: "4GB", disk: "20GB" });
  await post.reached;
  daemon.dropNext("POST", "after-read", "/v1/containers");
  const container = { username, state: "CONTAINER_STATE_CREATING" };
  daemon.inject({
    kind: "answer",
    method: "GET",
    path: "/v1/containers/alice",
    // As often as it looks.
    times: 5,
    status: 200,
    body: JSON.stringify({ container }),
  });
  post.release();
  const { ready, container: { cpu } } = await created;
  assertEquals([ready, cpu], [true, "2"]);
});

Deno.test("create() looks no further for a creation whose response was lost than until it is found", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const post = daemon.hold("POST", "/v1/containers");
  const created = client.containers.create({ username });
  await post.reached;
  const path = "/v1/containers/alice";
  const before = daemon.count("GET", path);
  daemon.dropNext("POST", "after-read", "/v1/containers");
  const body = JSON.stringify({ container: { username, state: "CONTAINER_STATE_RUNNING" } });
  daemon.inject({ kind: "answer", method: "GET", path, status: 200, body });
  post.release();
  assertEquals((await created).ready, true);
  assertEquals(daemon.count("GET", path), before + 1);
});

Deno.test("create() that is cancelled while it looks for a creation ends, and says what may be", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const post = daemon.hold("POST", "/v1/containers");
  const cancel = new AbortController();
  const created = assertRejects(
    () => client.containers.create({ username, signal: cancel.signal }),
    ContainariumError,
  );
  await post.reached;
  const look = daemon.hold("GET", "/v1/containers/alice");
  daemon.dropNext("POST", "after-read", "/v1/containers");
  post.release();
  await look.reached;
  cancel.abort();
  assertEquals((await created).code, "cancelled");
  look.release();
});

Deno.test("create() sends again without a name of the switch for nested containers, and nothing else", async (t) => {
  const refusing = (field: string, status: number) => ({
    kind: "answer" as const,
    method: "POST",
    status,
    body: JSON.stringify({ error: `proto: (line 1:2): unknown field "${field}"` }),
  });
  /** The keys of each creation sent. */
  const tried = async (field: string, status = 400) => {
    await using daemon = await startDaemon({ version: "0.3.0" });
    using client = await clientOf(daemon);
    daemon.inject(refusing(field, status));
    const options = { username, enablePodman: true, labels: { team: "dev" } };
    const outcome = await client.containers.create(options)
      .then(() => "created", () => "refused");
    const bodies = daemon.requests.filter(({ method }) => method === "POST");
    return [outcome, ...bodies.map(({ body }) => Object.keys(JSON.parse(body)).slice(2).join(" "))];
  };
  const all = "labels enablePodman enableDocker";
  await t.step("each of its names", async () => {
    assertEquals(await tried("enablePodman"), ["created", all, "labels enableDocker"]);
    assertEquals(await tried("enableDocker"), ["created", all, "labels enablePodman"]);
  });
  await t.step("a failure that may have come after a part of the work", async () => {
    assertEquals(await tried("enablePodman", 500), ["refused", all]);
  });
  await t.step("another field", async () => {
    assertEquals(await tried("labels"), ["refused", all]);
  });
});
