import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { deleteContainers } from "../../../tools/bulk/delete_containers.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { ask, outcomes, refused, rowOf } from "./ask.ts";

const running = "CONTAINER_STATE_RUNNING";

const containers: readonly ContainerSeed[] = [
  { username: "ci-1", labels: { team: "ci" }, resources: { disk: "20GB" } },
  { username: "ci-2", labels: { team: "ci" }, state: "CONTAINER_STATE_STOPPED" },
  { username: "ci-3", labels: { team: "ci" }, protected: true },
  { username: "alice" },
  { username: "ubuntu" },
];

/** A client that can ask the user, who agrees to everything. */
const canAsk = { capabilities: { elicitation: { form: {} } } };
const agree = { action: "accept", content: { confirm: true } };

Deno.test("delete_containers deletes each that is named, and leaves protected ones", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const usernames = ["ci-1", "ci-2", "ci-3", "nobody"];
  const answer = await ask(server, "delete_containers", { usernames });
  assertEquals(outcomes(answer), ["ci-1 done", "ci-2 done", "ci-3 skipped", "nobody skipped"]);
  assertEquals(answer.isError, false);
  const single = await server.call("delete_container", { username: "ci-3" });
  const [what, why, next] = single.text.split("\n");
  assertEquals([`${rowOf(answer, "ci-3").why}.`, `Next: ${rowOf(answer, "ci-3").next}`], [
    what,
    next,
  ]);
  assertStringIncludes(why ?? "", "It is protected from deletion");
  assertEquals(rowOf(answer, "nobody").why, "there is no nobody-container");
  assertEquals(
    containers.map(({ username }) => daemon.state(username)),
    [undefined, undefined, running, running, running],
  );
  assertEquals(daemon.count("DELETE"), 2);
});

Deno.test("delete_containers with a selector requires the matching number", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const selector = { labels: { team: "ci" } };
  await t.step("none given", async () => {
    const text = await refused(server, "delete_containers", selector);
    assertStringIncludes(text, "needs expected_count");
    assertStringIncludes(text, "3 (ci-1, ci-2, ci-3)");
  });
  await t.step("another number, by names too", async () => {
    for (const args of [selector, { usernames: ["ci-?"] }, { usernames: ["ci-1"] }]) {
      const text = await refused(server, "delete_containers", { ...args, expected_count: 2 });
      assertStringIncludes(text, "expected_count is 2, but the number of containers is");
    }
  });
  await t.step("a dry run shows it", async () => {
    const answer = await ask(server, "delete_containers", { ...selector, dry_run: true });
    assertEquals(outcomes(answer), ["ci-1 planned", "ci-2 planned", "ci-3 skipped"]);
    assertEquals(rowOf(answer, "ci-1").why, "with its 20GB disk");
    assertEquals(answer.next, "to delete them, pass expected_count=3");
    assertStringIncludes(answer.text, "\nNext: to delete them, pass expected_count=3");
  });
  assertEquals(daemon.count("DELETE"), 0);
  await t.step("the number itself", async () => {
    const answer = await ask(server, "delete_containers", { ...selector, expected_count: 3 });
    assertEquals(outcomes(answer), ["ci-1 done", "ci-2 done", "ci-3 skipped"]);
  });
});

Deno.test("delete_containers asks about each container by name", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, canAsk);
  const questions: string[] = [];
  let answer: Readonly<Record<string, unknown>> = { action: "decline" };
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return answer;
  });
  const args = { usernames: ["ci-*", "ubuntu"], "expected_count": 4 };
  await t.step("and says no", async () => {
    assertStringIncludes(await refused(server, "delete_containers", args), "The user declined");
    assertStringIncludes(
      questions[0] ?? "",
      "Delete 3 containers and everything on their disks, permanently: ci-1-container (running, its " +
        "20GB disk), ci-2-container (stopped, its 50GB disk), ubuntu-container (running, its 50GB " +
        "disk)? The users' host accounts, if there are any, are removed with their homes. " +
        '"ubuntu" is a SYSTEM ACCOUNT of the host',
    );
    assertEquals(daemon.count("DELETE"), 0);
  });
  await t.step("not where nothing would be lost, nor where the number is wrong", async () => {
    await ask(server, "delete_containers", { ...args, dry_run: true });
    await ask(server, "delete_containers", { usernames: ["ci-3", "nobody"] });
    await refused(server, "delete_containers", { ...args, expected_count: 3 });
    assertEquals(questions.length, 1);
  });
  await t.step("and says yes", async () => {
    answer = agree;
    const { totals } = await ask(server, "delete_containers", args);
    assertEquals([totals.done, totals.skipped, questions.length], [3, 1, 2]);
  });
});

Deno.test("delete_containers uses the singular in a question about one container", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, canAsk);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "decline" };
  });
  await refused(server, "delete_containers", { usernames: ["ci-1"] });
  assertEquals(questions, [
    "Delete 1 container and everything on its disk, permanently: ci-1-container (running, its 20GB " +
    "disk)? The user's host account, if there is one, is removed with its home.",
  ]);
});

Deno.test("delete_containers leaves containers that were created while the user was asked", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon, canAsk);
  await using other = await connect(daemon);
  server.onRequest("elicitation/create", async () => {
    await other.call("delete_container", { username: "ci-1" });
    await other.call("create_container", { username: "ci-4", labels: { team: "ci" } });
    await other.call("update_container", { username: "ci-3", protected: false });
    return agree;
  });
  const selector = { labels: { team: "ci" }, "expected_count": 3 };
  const answer = await ask(server, "delete_containers", selector);
  assertEquals(outcomes(answer), ["ci-2 done", "ci-3 skipped", "ci-4 skipped"]);
  assertStringIncludes(rowOf(answer, "ci-4").why ?? "", "the user was not asked about it");
  assertEquals([daemon.state("ci-3"), daemon.state("ci-4")], [running, running]);
});

Deno.test("delete_containers reports failed, lost and completed deletions separately", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  daemon.dropNext("DELETE", "after-read", "/v1/containers/ci-1");
  daemon.inject({
    kind: "answer",
    method: "DELETE",
    path: "/v1/containers/ci-2",
    status: 500,
    body: '{"code":2,"message":"failed to delete container: in use","details":[]}',
  });
  const usernames = ["ci-1", "ci-2", "alice"];
  const answer = await ask(server, "delete_containers", { usernames });
  assertEquals(outcomes(answer), ["ci-1 unknown", "ci-2 failed", "alice done"]);
  assertEquals(rowOf(answer, "ci-1").code, "ambiguous");
  assertStringIncludes(rowOf(answer, "ci-2").why ?? "", "in use");
  assert(!answer.isError);
  assertEquals(daemon.count("DELETE"), 3);
});

Deno.test("delete_containers leaves a container that was re-created under the same name", async () => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  await using daemon = await startDaemon({
    containers: [{ username: "ci-1", createdAt }, { username: "ci-2", createdAt }],
  });
  using client = await clientOf(daemon);
  const { answer } = await changedBetween(
    deleteContainers,
    { usernames: ["ci-1", "ci-2"] },
    contextOf(client),
    () => daemon.replace({ username: "ci-1" }),
  );
  assertEquals(answer?.containers.map(({ username, result }) => `${username} ${result}`), [
    "ci-1 skipped",
    "ci-2 done",
  ]);
  assertEquals(daemon.state("ci-1"), running);
});

Deno.test("delete_containers deletes nothing where another one matches since the question", async () => {
  const labels = { team: "ci" };
  await using daemon = await startDaemon({
    containers: [{ username: "ci-1", labels }, { username: "ci-2", labels }],
  });
  using client = await clientOf(daemon);
  const { refusal } = await changedBetween(
    deleteContainers,
    { labels, expected_count: 2 },
    contextOf(client),
    () => daemon.replace({ username: "ci-3", labels }),
  );
  assertStringIncludes(
    refusal?.message ?? "",
    "expected_count is 2, but the number of containers is 3",
  );
  assertEquals(daemon.count("DELETE"), 0);
});

Deno.test("delete_containers asks about domains without names where the token may not list them", async () => {
  await using daemon = await startDaemon({ containers });
  const token = await daemon.token({ scopes: ["containers:read", "containers:write"] });
  await using server = await connect({ url: daemon.url, token }, canAsk);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "decline" };
  });
  await server.call("delete_containers", { usernames: ["alice", "ci-1"] });
  assertStringIncludes(
    questions[0] ?? "",
    "Domains that lead to them, if any, are removed, too: the token may not list them.",
  );
});

Deno.test("delete_containers looks again before each deletion", async () => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  await using daemon = await startDaemon({ containers: [{ username: "ci-1", createdAt }] });
  using client = await clientOf(daemon);
  // The container is read after the list, right before its deletion.
  const look = daemon.hold("GET", "/v1/containers/ci-1");
  const call = changedBetween(
    deleteContainers,
    { usernames: ["ci-1"] },
    contextOf(client),
    () => {},
  );
  await look.reached;
  daemon.replace({ username: "ci-1" });
  look.release();
  const { answer } = await call;
  assertEquals(answer?.containers.map(({ result }) => result), ["failed"]);
  assertEquals([daemon.state("ci-1"), daemon.count("DELETE")], [running, 0]);
});
