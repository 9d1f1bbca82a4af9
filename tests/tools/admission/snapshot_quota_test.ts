/** Quotas of snapshots. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const dev = { team: "dev" };

Deno.test("create_snapshot refuses to exceed the quota of a user or a team, with the count", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "alice", labels: dev, snapshots: ["a", "snapshot-sync0"] },
      { username: "bob", labels: dev, snapshots: ["b", "c"] },
      { username: "carol", snapshots: ["d", "e", "f", "g", "h"] },
    ],
    zfs: true,
  });
  await using policy = await connectWithPolicy(daemon, {
    quotas: {
      users: { bob: { snapshots: 2 } },
      teams: { dev: { snapshots: 4 } },
      "without_team": "ignore",
    },
  });
  const take = async (username: string) =>
    (await policy.session.call("create_snapshot", { username, name: "next" })).text;
  const refused = await take("bob");
  assertStringIncludes(refused, "user bob: snapshots 2 of 2, needs 1 more. Nothing was sent");
  assertStringIncludes(refused, "get_quotas shows");
  assertStringIncludes(await take("alice"), 'Took snapshot "next"');
  assertStringIncludes(await take("carol"), 'Took snapshot "next"');
  const again = await policy.session.call("create_snapshot", { username: "alice", name: "more" });
  assertStringIncludes(again.text, "team dev: snapshots 4 of 4, needs 1 more");
  assertEquals(daemon.count("POST"), 2);
  const { text } = await policy.session.call("get_quotas", { username: "bob" });
  assertEquals(text, "whose     snapshots\nuser bob  2 of 2\nteam dev  4 of 4");
});

Deno.test("update_container moves a container only into a team with room for its snapshots", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "alice", labels: dev, snapshots: ["a", "b"] },
      { username: "bob", labels: { team: "ops" }, snapshots: ["c", "d"] },
    ],
    zfs: true,
  });
  const of = (snapshots: number) => ({ quotas: { teams: { dev: { snapshots }, ops: {} } } });
  await using policy = await connectWithPolicy(daemon, of(3));
  const move = () => policy.session.call("update_container", { username: "bob", labels: dev });
  assertStringIncludes(
    (await move()).text,
    "team dev: snapshots 2 of 3, needs 2 more. Nothing was sent",
  );
  assertEquals(daemon.count("POST"), 0);
  await policy.write(of(4));
  assertEquals((await move()).isError, false);
});

Deno.test("create_snapshot does not exceed a quota with simultaneous calls", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: dev }, { username: "bob", labels: dev }],
    zfs: true,
  });
  await using policy = await connectWithPolicy(daemon, {
    quotas: { teams: { dev: { snapshots: 3 } } },
  });
  const names = ["a", "b", "c", "d", "e", "f"];
  const answers = await Promise.all(names.map((name, at) => {
    const username = at % 2 === 0 ? "alice" : "bob";
    return policy.session.call("create_snapshot", { username, name });
  }));
  assertEquals(answers.filter(({ isError }) => !isError).length, 3);
  assertEquals(daemon.snapshots("alice").length + daemon.snapshots("bob").length, 3);
});

Deno.test("create_snapshot counts a snapshot whose response was lost before it takes the next", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], zfs: true });
  await using policy = await connectWithPolicy(daemon, {
    quotas: { users: { "*": { snapshots: 1 } } },
  });
  daemon.dropNext("POST", "after-read", /snapshots/);
  const call = (name: string) =>
    policy.session.call("create_snapshot", { username: "alice", name });
  const answers = await Promise.all([call("a"), call("b")]);
  // The order does not matter.
  const isLost = ({ text }: { readonly text: string }) =>
    text.includes("may have been carried out");
  assertEquals(answers.filter(isLost).length, 1);
  const next = answers.find((answer) => !isLost(answer));
  assertStringIncludes(next?.text ?? "", "user alice: snapshots 1 of 1, needs 1 more");
});

/** Alice of team dev and bob of another team, with one snapshot each. */
function startTeams(): Promise<Daemon> {
  return startDaemon({
    containers: [
      { username: "alice", labels: dev, snapshots: ["a"] },
      { username: "bob", labels: { team: "ops" }, snapshots: ["b"] },
    ],
    zfs: true,
  });
}

const twoOfDev = { quotas: { teams: { dev: { snapshots: 2 }, ops: {} } } };

Deno.test("create_snapshot waits for an earlier change of team, and counts it", async () => {
  await using daemon = await startTeams();
  await using policy = await connectWithPolicy(daemon, twoOfDev);
  const { session } = policy;
  const write = daemon.hold("POST", /attribution/);
  const move = session.call("update_container", { username: "bob", labels: dev });
  await write.reached;
  const taken = session.call("create_snapshot", { username: "alice", name: "next" });
  // A later response shows that it was read.
  await session.request("ping");
  assertEquals(daemon.count("POST", /snapshots/), 0);
  write.release();
  assertEquals((await move).isError, false);
  assertStringIncludes((await taken).text, "team dev: snapshots 2 of 2, needs 1 more");
  assertEquals([daemon.snapshots("alice"), daemon.snapshots("bob")], [["a"], ["b"]]);
});

Deno.test("create_snapshot counts a container in both teams after a change of team was lost", async () => {
  await using daemon = await startTeams();
  await using policy = await connectWithPolicy(daemon, twoOfDev);
  const { session } = policy;
  daemon.dropNext("POST", "before-read", /attribution/);
  const lost = await session.call("update_container", { username: "bob", labels: dev });
  assertEquals(lost.isError, true);
  for (const username of ["alice", "bob"]) {
    const { text } = await session.call("create_snapshot", { username, name: "next" });
    assertStringIncludes(text, "team dev: snapshots 2 of 2, needs 1 more");
  }
});
