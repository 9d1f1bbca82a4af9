/** Quotas, and creating many at once. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { ask, outcomes, refused } from "./ask.ts";

const running = "CONTAINER_STATE_RUNNING";

Deno.test("create_containers counts all its creations against the quotas together", async (t) => {
  const dev = { team: "dev" };
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: dev, resources: { cpu: "2" } }],
  });
  const quotas = { teams: { dev: { cpu: 6 } } };
  await using host = await connectWithPolicy(daemon, { quotas });
  const args = { usernames: ["alice", "bob", "carol"], cpu: "2", labels: dev };
  await t.step("one too many refuses all, in a dry run too", async () => {
    const tooMany = { ...args, usernames: ["bob", "carol", "dave"] };
    for (const dryRun of [true, false]) {
      const text = await refused(host.session, "create_containers", {
        ...tooMany,
        dry_run: dryRun,
      });
      assertStringIncludes(text, "team dev: cpu 2 of 6, needs 6 more");
    }
    assertEquals(daemon.count("POST"), 0);
  });
  await t.step("a dry run takes no room, and who is there already asks for none", async () => {
    await ask(host.session, "create_containers", { ...args, dry_run: true });
    const answer = await ask(host.session, "create_containers", args);
    assertEquals(outcomes(answer), ["alice skipped", "bob done", "carol done"]);
  });
});

Deno.test("create_containers keeps the reservations of pending creations, and releases the others", async () => {
  await using daemon = await startDaemon();
  const quotas = { teams: { dev: { containers: 4 } } };
  await using host = await connectWithPolicy(daemon, { quotas });
  const { session } = host;
  const labels = { team: "dev" };
  const holds = ["a", "b", "c"].map(() => daemon.hold("POST", "/v1/containers"));
  const first = await ask(session, "create_containers", {
    usernames: ["a", "b", "c", "d"],
    labels,
    wait_seconds: 0,
  });
  assertEquals([first.totals.unknown, first.totals.cancelled], [3, 1]);
  const next = { labels, "dry_run": true };
  const text = await refused(session, "create_containers", { ...next, usernames: ["d", "e"] });
  assertStringIncludes(text, "team dev: containers 3 of 4, needs 2 more");
  const fits = await ask(session, "create_containers", { ...next, usernames: ["e"] });
  assertEquals(outcomes(fits), ["e planned"]);
  for (const hold of holds) hold.release();
  await Promise.all(["a", "b", "c"].map((username) => daemon.when(username, running)));
});

Deno.test("create_containers counts a recipe that it is still preparing when it answers", async () => {
  await using daemon = await startDaemon({ recipes: [{ id: "web" }] });
  await using held = await connectWithPolicy(daemon, {
    templates: { web: { recipe: "web" } },
    quotas: { users: { "*": { containers: 9 } }, teams: { dev: { containers: 1 } } },
  });
  const looking = daemon.hold("GET", "/v1/containers/alice");
  const labels = { team: "dev" };
  const args = { usernames: ["alice"], template: "web", labels, "wait_seconds": 0 };
  const early = held.session.call("create_containers", args);
  await looking.reached;
  assertStringIncludes((await early).text, "1 unknown");
  const { text } = await held.session.call("create_container", { username: "bob", labels });
  assertStringIncludes(text, "team dev: containers 1 of 1, needs 1 more");
  looking.release();
  await daemon.idle();
});
