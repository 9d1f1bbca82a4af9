/** Deletes of several containers that can be undone, and what other tools make of those. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { ask, outcomes, rowOf } from "../bulk/ask.ts";

const stopped = "CONTAINER_STATE_STOPPED";
const dayOfGrace = { env: { CONTAINARIUM_DELETE_GRACE: "24h" } };

Deno.test("delete_containers goes by each container's grace, and its question says which", async () => {
  await using hosts = await startTwoHosts({
    containers: [
      { username: "ci-1", labels: { team: "ci" }, resources: { disk: "20GB" } },
      { username: "dev-1", labels: { team: "dev" } },
      { username: "dev-2", labels: { team: "dev" }, state: stopped },
      { username: "kept", protected: true },
    ],
  }, { containers: [{ username: "far-1" }] });
  const policy = { "delete_grace": { teams: { ci: "none", "*": "24h" } } };
  await using host = await connectWithPolicy(hosts.near, policy, { elicitation: {} });
  const { session } = host;
  const questions: string[] = [];
  session.onRequest("elicitation/create", (params) => {
    questions.push(String(Reflect.get(Object(params), "message")));
    return { action: "accept", content: { confirm: true } };
  });
  const selection = { usernames: ["*"], "expected_count": 5 };
  const plan = await ask(session, "delete_containers", { ...selection, dry_run: true });
  assertEquals([rowOf(plan, "dev-1").why, rowOf(plan, "ci-1").why], [
    "stopped, and gone in 1 d",
    "with its 20GB disk",
  ]);
  const answer = await ask(session, "delete_containers", selection);
  assertEquals(questions, [
    "Delete 1 container and everything on its disk, permanently: ci-1-container (running, its " +
    "20GB disk)? The user's host account, if there is one, is removed with its home. Delete 2 " +
    "containers? Stopped now; then deleted with their disks and the users' host accounts, in 1 d: " +
    "dev-1-container (running, its 50GB disk), dev-2-container (stopped, its 50GB disk). Until " +
    "then undelete_container brings each back.",
  ]);
  assertEquals(outcomes(answer), [
    "ci-1 done",
    "dev-1 done",
    "dev-2 done",
    "far-1 failed",
    "kept skipped",
  ]);
  assertEquals(rowOf(answer, "dev-1").why, "deleting in 1 d");
  assertStringIncludes(rowOf(answer, "far-1").next ?? "", "permanently=true");
  assertEquals(
    ["ci-1", "dev-1", "dev-2", "kept"].map((username) => hosts.near.state(username)),
    [undefined, stopped, stopped, "CONTAINER_STATE_RUNNING"],
  );
  const again = await ask(session, "delete_containers", { usernames: ["dev-1", "dev-2"] });
  assertEquals(outcomes(again), ["dev-1 skipped", "dev-2 skipped"]);
  const gone = { usernames: ["dev-1", "far-1"], permanently: true };
  assertEquals(outcomes(await ask(session, "delete_containers", gone)), [
    "dev-1 done",
    "far-1 done",
  ]);
  assertEquals([hosts.near.state("dev-1"), hosts.far.state("far-1")], [undefined, undefined]);
});

Deno.test("lists and get_container show what is deleted and can be recovered", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon, dayOfGrace);
  await server.call("delete_container", { username: "alice" });
  const { text, structuredContent } = await server.call("list_containers");
  const [, , alice = "", bob = ""] = text.split("\n");
  assert(/^alice +deleting in 1 d /.test(alice), alice);
  assert(bob.startsWith("bob       running"), bob);
  assert(JSON.stringify(structuredContent).includes('"deleted_at":"'));
  assert(!text.includes("mcp-deleted"), text);
  const one = await server.call("get_container", { username: "alice" });
  assertStringIncludes(one.text, "state: deleting in ");
});

Deno.test("a start of what is deleted warns that it is still to be deleted", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }, { username: "cas" }],
  });
  await using server = await connect(daemon, dayOfGrace);
  for (const username of ["alice", "bob", "cas"]) {
    await server.call("delete_container", { username });
  }
  const warned = /It is still deleting in .*, running or not: undelete_container keeps it\./;
  const start = await server.call("start_container", { username: "alice" });
  assert(warned.test(start.text), start.text);
  const restart = await server.call("restart_container", { username: "bob" });
  assert(warned.test(restart.text), restart.text);
  const several = await ask(server, "start_containers", { usernames: ["cas"] });
  assert(warned.test(rowOf(several, "cas").why ?? ""), several.text);
});

Deno.test("update_container refuses a time to live for what is deleted, and names undelete_container", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon, dayOfGrace);
  await server.call("delete_container", { username: "alice" });
  const sent = daemon.count("POST", "/v1/containers/alice/ttl");
  for (const ttl of ["never", "1h"]) {
    const { isError, text } = await server.call("update_container", { username: "alice", ttl });
    assertEquals(isError, true);
    assertStringIncludes(text, "alice-container was deleted (deleting in ");
    assertStringIncludes(text, 'undelete_container(username="alice")');
  }
  assertEquals(daemon.count("POST", "/v1/containers/alice/ttl"), sent);
  const labels = { "mcp-deleted": "no" };
  const { text } = await server.call("update_container", { username: "alice", labels });
  assertStringIncludes(text, "mcp-deleted is this server's record of a delete");
  const removed = await server.call("update_container", {
    username: "alice",
    remove_labels: ["mcp-deleted"],
  });
  assertStringIncludes(removed.text, "mcp-deleted is this server's record of a delete");
});

Deno.test("a creation says of a name that is deleted how to get it back", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon, dayOfGrace);
  await server.call("delete_container", { username: "alice" });
  const { text } = await server.call("create_container", { username: "alice" });
  assertStringIncludes(text, "alice has a container that was deleted and can be recovered until ");
  assertStringIncludes(text, 'undelete_container(username="alice")');
  const several = await ask(server, "create_containers", { usernames: ["alice"] });
  assertStringIncludes(rowOf(several, "alice").why ?? "", "already has a container (deleting in ");
  assertStringIncludes(rowOf(several, "alice").next ?? "", "undelete_container");
});

Deno.test("what is deleted counts for the quotas until it is gone, and a refusal says so", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "ci-1", labels: { team: "ci" } }, { username: "other" }],
  });
  await using host = await connectWithPolicy(daemon, {
    quotas: { teams: { ci: { containers: 1 } }, "without_team": "ignore" },
    "delete_grace": "24h",
  });
  const { session } = host;
  for (const username of ["ci-1", "other"]) await session.call("delete_container", { username });
  const wanted = { username: "ci-2", labels: { team: "ci" } };
  const refused = await session.call("create_container", wanted);
  assertStringIncludes(
    refused.text,
    "team ci: containers 1 of 1, needs 1 more. What is deleted and can be recovered counts until " +
      "it is gone: ci-1. Nothing was sent",
  );
  daemon.endTtl("ci-1");
  const { isError, text } = await session.call("create_container", wanted);
  assertEquals(isError, false, text);
  using client = await clientOf(daemon);
  assertEquals((await client.containers.list()).map(({ username }) => username), ["ci-2", "other"]);
});
