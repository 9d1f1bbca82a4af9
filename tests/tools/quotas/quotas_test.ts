import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getQuotas } from "../../../tools/quotas/get_quotas.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../../client/connect.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const ofDev = { team: "dev" };
const policy = {
  quotas: {
    users: { "*": { cpu: 8, memory: "8GB" }, bob: { disk: "20GB" } },
    teams: { dev: { containers: 3, cpu: 10 } },
  },
};

function startHost(): Promise<Daemon> {
  const resources = { cpu: "4", memory: "4GB", disk: "10GB" };
  return startDaemon({
    containers: [
      { username: "alice", labels: ofDev, resources },
      { username: "bob", labels: ofDev, resources: { ...resources, cpu: "0-1" } },
      { username: "carol", labels: { team: "ops" }, resources },
    ],
  });
}

Deno.test("create_container refuses to exceed a quota, with the sums, and sends nothing", async (t) => {
  await using daemon = await startHost();
  await using host = await connectWithPolicy(daemon, policy);
  const { session } = host;
  const refused = async (args: Readonly<Record<string, unknown>>, ...parts: readonly string[]) => {
    const { isError, text } = await session.call("create_container", { username: "dave", ...args });
    assertEquals(isError, true, text);
    for (const part of parts) assertStringIncludes(text, part);
  };
  await t.step("a team's", async () => {
    // A set of CPUs counts the CPUs in it.
    await refused(
      { labels: ofDev, cpu: "4.5" },
      "team dev: cpu 6 of 10, needs 4.5 more",
      "Nothing was",
    );
  });
  await t.step("a user's, and every breach at once", async () => {
    await refused(
      { labels: ofDev, cpu: "9", memory: "16GB" },
      "user dave: cpu 0 of 8, needs 9 more; user dave: memory 0 B of 8.0 GB, needs 16.0 GB more",
      "team dev: cpu 6 of 10, needs 9 more",
    );
  });
  await t.step("what cannot be counted", async () => {
    await refused(
      { labels: ofDev, memory: "50%" },
      "memory of dave cannot be counted; pass an amount",
    );
  });
  await t.step("no team", async () => {
    await refused(
      {},
      "dave would belong to none",
      "ask the user which team it is for and set the label team: dev",
    );
  });
  assertEquals(daemon.count("POST"), 0);
  await t.step("what fits is created, a CPU set too", async () => {
    const args = { username: "dave", labels: ofDev, cpu: "0-3" };
    const { isError, text } = await session.call("create_container", args);
    assertEquals(isError, false, text);
    await refused({ username: "erin", labels: ofDev, cpu: "1" }, "team dev: containers 3 of 3");
  });
});

Deno.test("resize_container and update_container obey the quotas too", async (t) => {
  await using daemon = await startHost();
  await using host = await connectWithPolicy(daemon, policy);
  const { session } = host;
  await t.step("a resize beyond it", async () => {
    const args = { username: "alice", cpu: "8.5" };
    const { isError, text } = await session.call("resize_container", args);
    assertEquals(isError, true);
    assertStringIncludes(
      text,
      "user alice: cpu 4 of 8, needs 4.5 more; team dev: cpu 6 of 10, needs 4.5 more",
    );
    assertEquals(daemon.count("PUT"), 0);
  });
  await t.step("a share, be there one already", async () => {
    await using other = await startDaemon({
      containers: [{ username: "alice", labels: ofDev, resources: { memory: "50%" } }],
    });
    await using own = await connectWithPolicy(other, policy);
    const args = { username: "alice", memory: "60%" };
    const { text } = await own.session.call("resize_container", args);
    assertStringIncludes(text, "user alice: memory of alice cannot be counted; pass an amount");
    assertEquals(other.count("PUT"), 0);
    const { isError } = await own.session.call("resize_container", { username: "alice", cpu: "1" });
    assertEquals(isError, false);
  });
  await t.step("a smaller size always fits, be there too much already", async () => {
    await host.write({ quotas: { teams: { dev: { cpu: 1 } } } });
    const args = { username: "alice", cpu: "2" };
    const { isError, text } = await session.call("resize_container", args);
    assertEquals(isError, false, text);
    await host.write(policy);
  });
  await t.step("a label that moves it into a team", async () => {
    await host.write({ quotas: { teams: { dev: { containers: 2 }, ops: {} } } });
    const args = { username: "carol", labels: ofDev };
    const { isError, text } = await session.call("update_container", args);
    assertEquals(isError, true);
    assertStringIncludes(text, "team dev: containers 2 of 2, needs 1 more");
    assertEquals(daemon.count("POST"), 0);
  });
  await t.step("a label taken away that a quota counts", async () => {
    const args = { username: "alice", "remove_labels": ["team"] };
    const { isError, text } = await session.call("update_container", args);
    assertEquals(isError, true);
    assertStringIncludes(text, "alice would belong to none");
  });
  await t.step("another label does not matter", async () => {
    const args = { username: "alice", labels: { tier: "high" } };
    assertEquals((await session.call("update_container", args)).isError, false);
  });
});

Deno.test("update_container asks before a container leaves its team", async () => {
  await using daemon = await startHost();
  const rules = { quotas: { teams: { dev: { cpu: 10 } }, without_team: "ignore" } };
  await using host = await connectWithPolicy(daemon, rules, { elicitation: {} });
  const asked: unknown[] = [];
  host.session.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "decline" };
  });
  const args = { username: "alice", "remove_labels": ["team"] };
  const { isError } = await host.session.call("update_container", args);
  assertEquals([isError, asked], [true, [
    'Update alice-container? This would take it out of the quota of team "dev".',
  ]]);
});

Deno.test("update_container counts a label that is set and removed in one call as removed", async (t) => {
  await using daemon = await startHost();
  const rules = { quotas: { teams: { dev: { cpu: 10 } }, without_team: "ignore" } };
  await using host = await connectWithPolicy(daemon, rules, { elicitation: {} });
  const asked: unknown[] = [];
  host.session.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "decline" };
  });
  const args = { username: "alice", labels: ofDev, "remove_labels": ["team"] };
  await t.step("the user is asked", async () => {
    const { isError } = await host.session.call("update_container", args);
    assertEquals([isError, asked], [true, [
      'Update alice-container? This would take it out of the quota of team "dev".',
    ]]);
  });
  await t.step("and it is refused where each has to belong to a team", async () => {
    await host.write({ quotas: { teams: { dev: { cpu: 10 } } } });
    host.session.onRequest("elicitation/create", () => ({
      action: "accept",
      content: { confirm: true },
    }));
    const { text } = await host.session.call("update_container", args);
    assertStringIncludes(text, "alice would belong to none");
  });
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
});

Deno.test("update_container takes a container out of no team that the user was not asked about", async () => {
  await using daemon = await startHost();
  const rules = { quotas: { teams: { dev: { cpu: 10 }, ops: {} }, without_team: "ignore" } };
  await using host = await connectWithPolicy(daemon, rules, { elicitation: {} });
  using other = await clientOf(daemon);
  const asked: unknown[] = [];
  host.session.onRequest("elicitation/create", async ({ message }) => {
    asked.push(message);
    await other.containers.setLabels("alice", { team: "ops" });
    return { action: "accept", content: { confirm: true } };
  });
  const args = { username: "alice", "remove_labels": ["team"] };
  const { isError, text } = await host.session.call("update_container", args);
  assertEquals([isError, asked.length], [true, 1]);
  assertStringIncludes(text, 'It was not agreed to take it out of the quota of team "ops"');
  assertEquals(daemon.count("DELETE"), 0);
});

Deno.test("QuotaGuard counts a container without the team's label as the policy says", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "old" }] });
  const of = (without: unknown) => ({
    quotas: { teams: { guests: { containers: 1 } }, without_team: without },
  });
  await using host = await connectWithPolicy(daemon, of({ team: "guests" }));
  const args = { username: "alice" };
  const { text } = await host.session.call("create_container", args);
  assertStringIncludes(text, "team guests: containers 1 of 1, needs 1 more");
  await host.write(of("ignore"));
  assertEquals((await host.session.call("create_container", args)).isError, false);
});

Deno.test("create_container does not exceed a quota with simultaneous calls", async () => {
  await using daemon = await startDaemon({ delays: { creatingMs: 150 } });
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: { cpu: 10 } } },
  });
  const { session } = host;
  const creations = ["a", "b", "c", "d"].map((name) =>
    session.call("create_container", { username: `user-${name}`, labels: ofDev, wait_seconds: 0 })
  );
  const answers = await Promise.all(creations);
  assertEquals(answers.filter(({ isError }) => !isError).length, 2);
  for (const { isError, text } of answers) {
    if (isError) assertStringIncludes(text, "team dev: cpu 8 of 10, needs 4 more");
  }
  assertEquals(daemon.count("POST", /^\/v1\/containers$/), 2);
});

Deno.test("QuotaGuard gives no team room while another client creates a container of an unknown team", async () => {
  await using daemon = await startHost();
  const hold = daemon.holdPhase("creating", "eve");
  using other = await clientOf(daemon);
  const creation = other.containers.create({ username: "eve", labels: ofDev, cpu: "2" });
  await hold.reached;
  await using host = await connectWithPolicy(daemon, { quotas: { teams: { dev: { cpu: 100 } } } });
  const args = { username: "dave", labels: ofDev };
  const { text } = await host.session.call("create_container", args);
  assertStringIncludes(
    text,
    "team dev: cpu 6 of 100, needs 4 more, and the amount of eve is unknown",
  );
  const { structuredContent } = await host.session.call("get_quotas");
  const { quotas } = getQuotas.output.parse(structuredContent);
  assertEquals(quotas[0]?.cpu, { used: 6, limit: 100, unknown: ["eve"] });
  hold.release();
  await creation;
  assertEquals((await host.session.call("create_container", args)).isError, false);
});

Deno.test("get_quotas counts a user's containers on several hosts together", async () => {
  const alice = { username: "alice", labels: ofDev };
  await using hosts = await startTwoHosts({ containers: [alice] }, { containers: [alice] });
  await using host = await connectWithPolicy(hosts.near, {
    quotas: { teams: { dev: { containers: 4, cpu: 10 } } },
  });
  const { text } = await host.session.call("get_quotas");
  assertStringIncludes(text, "team dev  2 of 4      8 of 10");
  const args = { username: "alice", cpu: "7" };
  const { text: refused } = await host.session.call("resize_container", args);
  assertStringIncludes(refused, "team dev: cpu 8 of 10, needs 3 more");
});

Deno.test("get_quotas shows usage and limits", async (t) => {
  await using daemon = await startHost();
  await using host = await connectWithPolicy(daemon, policy);
  const quotasOf = async (args: Readonly<Record<string, unknown>>) => {
    const { text, structuredContent } = await host.session.call("get_quotas", args);
    return { text, ...getQuotas.output.parse(structuredContent) };
  };
  await t.step("of everybody", async () => {
    const { text, quotas, sees_all: seesAll } = await quotasOf({});
    assertEquals(
      quotas.map(({ kind, name }) => `${kind} ${name}`),
      ["user bob", "team dev", "user alice", "user carol"],
    );
    assertEquals(seesAll, undefined);
    assertEquals(quotas[1]?.cpu, { used: 6, limit: 10 });
    assert(/^team dev +2 of 3 +6 of 10$/m.test(text), text);
    assert(/^user bob +10\.0 GB of 20\.0 GB$/m.test(text), text);
  });
  await t.step("of one user, with their team", async () => {
    const { quotas } = await quotasOf({ username: "alice" });
    assertEquals(quotas.map(({ kind, name }) => `${kind} ${name}`), ["team dev", "user alice"]);
  });
  await t.step("with a token that sees its own only", async () => {
    const token = await daemon.token({ username: "alice" });
    await using own = await connectWithPolicy({ url: daemon.url, token }, policy);
    const { text } = await own.session.call("get_quotas", {});
    assertStringIncludes(text, "Counted: only the token's own containers.");
  });
});

Deno.test("get_quotas lists each container's snapshots once, whoever's quota they count in", async () => {
  await using daemon = await startDaemon({
    zfs: true,
    containers: ["alice", "bob"].map((username) => ({ username, labels: ofDev })),
  });
  await daemon.takeSnapshot("bob", "before");
  await using host = await connectWithPolicy(daemon, {
    quotas: { users: { "*": { snapshots: 3 } }, teams: { dev: { snapshots: 5 } } },
  });
  const { structuredContent } = await host.session.call("get_quotas");
  const { quotas } = getQuotas.output.parse(structuredContent);
  assertEquals(
    quotas.map(({ name, snapshots }) => `${name} ${snapshots?.used}`).toSorted(),
    ["alice 0", "bob 1", "dev 1"],
  );
  assertEquals(daemon.count("GET", /\/snapshots$/), 2);
});
