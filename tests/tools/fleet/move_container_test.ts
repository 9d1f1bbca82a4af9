import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { moveContainer } from "../../../tools/fleet/move_container.ts";
import { connect } from "../../connect.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { clientOf } from "../../client/connect.ts";
import type { ContainerSeed } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";

const containers = [{ username: "alice" }];
const args = { username: "alice", backend: "far" };

Deno.test("move_container moves a container, reports progress, and shows where it is afterwards", async () => {
  await using hosts = await startTwoHosts({ containers });
  await using server = await connect(hosts.near);

  const { text, structuredContent } = await server.call("move_container", args, {
    progressToken: 1,
  });

  const answer = moveContainer.output.parse(structuredContent);
  assertEquals([answer.moved, answer.from, answer.backend], [true, "near", "far"]);
  assertEquals([answer.container?.backend, answer.container?.state], ["far", "running"]);
  assertEquals([answer.downtime_seconds, answer.left_behind], [0, undefined]);
  assert(
    /^Moved alice-container from near to far: running, address 10\.78\.0\.\d+, down for 0 s\.\n/
      .test(text),
    text,
  );
  assertStringIncludes(text, "reach it only through far's own daemon");
  const told = server.notifications
    .filter(({ method }) => method === "notifications/progress")
    .map(({ params }) => params?.message);
  assertEquals(told, ["Moving alice-container to far", "alice-container is on far"]);
  assertEquals(hosts.far.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("move_container returns before the end of a long move, and keeps waiting when called again", async () => {
  await using hosts = await startTwoHosts({ containers });
  await using server = await connect(hosts.near);
  const moving = hosts.near.holdPhase("moving");

  const early = await server.call("move_container", { ...args, wait_seconds: 0 });
  assertEquals(moveContainer.output.parse(early.structuredContent).moved, false);
  assertStringIncludes(early.text, "Still moving alice-container to far");
  await moving.reached;
  const end = server.call("move_container", args);
  moving.release();

  assertEquals(moveContainer.output.parse((await end).structuredContent).moved, true);
  assertEquals(hosts.near.count("POST"), 1);
});

Deno.test("move_container does not delay the end of a conversation", async () => {
  await using hosts = await startTwoHosts({ containers });
  const moving = hosts.near.holdPhase("moving");
  {
    await using server = await connect(hosts.near);
    await server.call("move_container", { ...args, wait_seconds: 0 });
    await moving.reached;
  }
  await hosts.near.idle();
  moving.release();
});

Deno.test("move_container explains each refusal", async (t) => {
  await using hosts = await startTwoHosts({ containers }, { containers: [{ username: "bob" }] });
  await using server = await connect(hosts.near);
  const cases = [
    [{ ...args, backend: "fat" }, "Did you mean far?", "invalid_argument", "unknown_backend"],
    [{ ...args, backend: "near" }, "is already on near", "failed_precondition", undefined],
    [
      { ...args, username: "bob", backend: "near" },
      "only that host's own daemon can move it",
      "failed_precondition",
      "other_host",
    ],
    [
      { ...args, username: "alicia" },
      "No container for alicia on any backend",
      "not_found",
      undefined,
    ],
  ] as const;
  for (const [given, words, code, reason] of cases) {
    await t.step(words, async () => {
      const answer = await server.call("move_container", given);
      assertEquals([answer.isError, answer.code, answer.reason], [true, code, reason]);
      assertStringIncludes(answer.text, words);
    });
  }
  assertEquals(hosts.near.count("POST"), 0);

  await t.step("a lost answer", async () => {
    hosts.near.inject({ kind: "answer", method: "POST", status: 504, body: "" });
    const { isError, code, text } = await server.call("move_container", args);
    assertEquals([isError, code], [true, "ambiguous"]);
    assertStringIncludes(text, "alice-container is on near and running now");
    assertEquals(hosts.near.count("POST"), 1);
  });
});

Deno.test("move_container says that it needs the admin role", async () => {
  await using hosts = await startTwoHosts({ containers });
  const token = await hosts.near.token({ username: "alice" });
  await using server = await connect({ url: hosts.near.url, token });
  const { text } = await server.call("move_container", args);
  assertStringIncludes(text, "a token with the admin role");
  assertEquals(hosts.near.count("POST"), 0);
});

const doomed: ContainerSeed = {
  username: "alice",
  deleteAfterStoppedSeconds: 60,
  createdAt: new Date("2026-01-01T00:00:00Z"),
};

Deno.test("move_container asks if its stop starts a deletion, once per move", async () => {
  await using hosts = await startTwoHosts({ containers: [doomed] });
  await using server = await connect(hosts.near, { capabilities: { elicitation: {} } });
  const questions: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(message);
    return { action: "accept", content: { confirm: true } };
  });
  const moving = hosts.near.holdPhase("moving");
  await server.call("move_container", { ...args, wait_seconds: 0 });
  await moving.reached;
  const end = server.call("move_container", args);
  moving.release();
  assertEquals((await end).isError, false);
  assertEquals(questions, [
    'Move alice-container to "far"? It is stopped for the last part, which starts its ' +
    "deletion (1 min later, with its 50GB disk): if it cannot be started there in time, it is lost.",
  ]);
});

Deno.test("move_container moves no container whose deletion it did not ask about", async () => {
  await using hosts = await startTwoHosts({
    containers: [{ username: "alice", createdAt: new Date("2025-01-01T00:00:00Z") }],
  });
  using client = await clientOf(hosts.near);
  const { question, refusal } = await changedBetween(
    moveContainer,
    args,
    contextOf(client),
    () => hosts.near.replace(doomed),
  );
  assertEquals([question, refusal?.reason], [undefined, "changed_since_agreed"]);
  assertEquals(hosts.near.count("POST"), 0);
});
