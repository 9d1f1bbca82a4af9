/** Quotas in difficult cases: concurrent changes, lost creations, creations by other clients. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getQuotas } from "../../../tools/quotas/get_quotas.ts";
import { clientOf } from "../../client/connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const dev = { team: "dev" };
const ops = { team: "ops" };

Deno.test("QuotaGuard counts a resize and a change of team of one container together", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "alice", labels: dev, resources: { cpu: "2" } },
      { username: "bob", labels: ops, resources: { cpu: "4" } },
    ],
  });
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: { cpu: 8 }, ops: { cpu: 8 } } },
  });
  using other = await clientOf(daemon);
  const ask = [
    ["resize_container", { username: "alice", cpu: "6" }],
    ["update_container", { username: "alice", labels: ops }],
  ] as const;
  for (const order of [ask, ask.toReversed()]) {
    await other.containers.resize("alice", { cpu: "2" });
    await other.containers.setLabels("alice", dev);
    const answers = await Promise.all(order.map(([tool, args]) => host.session.call(tool, args)));
    assertEquals(answers.filter(({ isError }) => isError).length, 1);
    const refused = answers.find(({ isError }) => isError)?.text ?? "";
    assertStringIncludes(refused, "team ops: cpu ");
  }
});

Deno.test("resize_container refuses a share of the host where a quota applies", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", resources: { memory: "4GB" } }],
  });
  await using host = await connectWithPolicy(daemon, {
    quotas: { users: { "*": { memory: "8GB" } } },
  });
  const args = { username: "alice", memory: "50%" };
  const { isError, text } = await host.session.call("resize_container", args);
  assertEquals([isError, daemon.count("PUT")], [true, 0], text);
  assertStringIncludes(text, "memory of alice cannot be counted");
});

Deno.test("update_container that cannot count a container says what counts it: it takes no amount", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: ops, resources: { memory: "50%" } }],
  });
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: { memory: "8GB" }, ops: {} } },
  });
  const args = { username: "alice", labels: dev };
  const { isError, text } = await host.session.call("update_container", args);
  assertEquals(isError, true, text);
  assertStringIncludes(
    text,
    "memory of alice cannot be counted; set one with resize_container first, such as 4GB",
  );
});

Deno.test("create_container that does not fit names what is deleted, of the same team, and still counts", async () => {
  const deleted = {
    state: "CONTAINER_STATE_STOPPED",
    ttlSeconds: 86_400,
    resources: { cpu: "4" },
  } as const;
  const record = { "mcp-deleted": "at=2026-11-26T10:00:00Z was=running ttl=never" };
  await using daemon = await startDaemon({
    containers: [
      { username: "alice", labels: { ...dev, ...record }, ...deleted },
      { username: "bob", labels: { ...ops, ...record }, ...deleted },
      { username: "carol", labels: dev, resources: { cpu: "4" } },
    ],
  });
  await using host = await connectWithPolicy(daemon, { quotas: { teams: { dev: { cpu: 8 } } } });
  const args = { username: "dave", labels: dev, cpu: "1" };
  const { isError, text } = await host.session.call("create_container", args);
  assertEquals([isError, daemon.count("POST")], [true, 0], text);
  assertStringIncludes(
    text,
    ". What is deleted and can be recovered counts until it is gone: alice. Nothing was sent",
  );
});

Deno.test("QuotaGuard lets a team without limits create beside others", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, { quotas: { teams: { dev: { cpu: 8 } } } });
  const hold = daemon.holdPhase("creating", "eve");
  const create = (username: string, labels: Readonly<Record<string, string>>) =>
    host.session.call("create_container", { username, labels, "wait_seconds": 0 });
  await create("eve", ops);
  const { isError, text } = await create("dave", dev);
  hold.release();
  assertEquals(isError, false, text);
});

Deno.test("QuotaGuard does not assume the team of a container that another client created first", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, { quotas: { teams: { dev: { cpu: 8 } } } });
  using other = await clientOf(daemon);
  const hold = daemon.holdPhase("creating", "eve");
  const creation = other.containers.create({ username: "eve", labels: dev, cpu: "8" });
  await hold.reached;
  const create = (username: string, labels: Readonly<Record<string, string>>) =>
    host.session.call("create_container", { username, labels, "wait_seconds": 0 });
  assertStringIncludes((await create("eve", ops)).text, "already being created");
  const { text } = await create("dave", dev);
  hold.release();
  await creation;
  assertStringIncludes(text, "the amount of eve is unknown");
});

Deno.test("create_container without a required team says to ask the user, and lists the teams", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: { cpu: 8 }, "*": { cpu: 4 } } },
  });
  const { text } = await host.session.call("create_container", { username: "alice" });
  assertStringIncludes(
    text,
    "ask the user which team it is for and set the label team: dev, or another",
  );
});

Deno.test("QuotaGuard counts thousandths of a CPU exactly", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, {
    quotas: { users: { "*": { cpu: 1.005 } } },
  });
  const args = { username: "alice", cpu: "1.005" };
  const { isError, text } = await host.session.call("create_container", args);
  assertEquals(isError, false, text);
});

Deno.test("get_quotas shows the limits of a user without containers", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, { quotas: { users: { "*": { cpu: 8 } } } });
  const { structuredContent } = await host.session.call("get_quotas", { username: "dave" });
  const { quotas } = getQuotas.output.parse(structuredContent);
  assertEquals(quotas.map(({ name, cpu }) => [name, cpu?.limit]), [["dave", 8]]);
  const { text } = await host.session.call("get_quotas");
  assert(text.startsWith("There are quotas, but"), text);
});
