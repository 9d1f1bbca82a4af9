/** Stops that start the deletion of a container: asked about, shown, and never done without agreement. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { AgreedContainer } from "../../../client/mod.ts";
import { stopContainers } from "../../../tools/bulk/stop_containers.ts";
import { stopContainer } from "../../../tools/containers/stop_container.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const running = "CONTAINER_STATE_RUNNING";
const stopped = "CONTAINER_STATE_STOPPED";
const canAsk = { capabilities: { elicitation: {} } };
const createdAt = new Date("2026-01-01T00:00:00Z");
const doomed: ContainerSeed = { username: "alice", deleteAfterStoppedSeconds: 90, createdAt };

Deno.test("stop_container asks when a stop starts a deletion, and says when it comes", async () => {
  await using daemon = await startDaemon({ containers: [doomed] });
  await using server = await connect(daemon, canAsk);
  const questions: unknown[] = [];
  const answers = [{ action: "decline" }, { action: "accept", content: { confirm: true } }];
  server.onRequest("elicitation/create", ({ message }) => answers[questions.push(message) - 1]);
  const declined = await server.call("stop_container", { username: "alice" });
  assertEquals([declined.isError, daemon.state("alice")], [true, running]);
  assertEquals(
    questions[0],
    "Stop alice-container? Stopping starts a deletion: alice-container is deleted 1 min 30 s later, " +
      "with its 50GB disk; only starting it before then prevents that.",
  );
  const { text, structuredContent } = await server.call("stop_container", { username: "alice" });
  const { container } = stopContainer.output.parse(structuredContent);
  const { stopped_at: stoppedAt = "", deletion_at: deletionAt = "" } = container;
  assertEquals(Date.parse(deletionAt) - Date.parse(stoppedAt), 90_000);
  assertStringIncludes(text, `It will be deleted with its disk at ${deletionAt}`);
  assertEquals(daemon.state("alice"), stopped);
});

Deno.test("stop_container asks nothing when a stop deletes nothing", async (t) => {
  const seeds: Readonly<Record<string, ContainerSeed>> = {
    "kept once stopped": { username: "alice" },
    protected: { ...doomed, protected: true },
    "stopped already": { ...doomed, state: stopped },
  };
  for (const [name, seed] of Object.entries(seeds)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [seed] });
      await using server = await connect(daemon, canAsk);
      const questions: unknown[] = [];
      server.onRequest("elicitation/create", (params) => {
        questions.push(params);
        return { action: "decline" };
      });
      const { isError } = await server.call("stop_container", { username: "alice" });
      assertEquals([questions.length, isError, daemon.state("alice")], [0, false, stopped]);
    });
  }
});

Deno.test("stop_container starts no deletion that was not agreed to", async (t) => {
  const changes: Readonly<Record<string, readonly [ContainerSeed | undefined, ContainerSeed]>> = {
    "of a container created anew": [doomed, { ...doomed, createdAt: new Date() }],
    "of a container that was kept": [
      { username: "alice", createdAt },
      { ...doomed, createdAt: new Date() },
    ],
    "of a container that was not there": [undefined, doomed],
    "of a container that lost its protection": [{ ...doomed, protected: true }, doomed],
    "of a container that was stopped": [{ ...doomed, state: stopped }, doomed],
  };
  for (const [name, [before, after]] of Object.entries(changes)) {
    const containers = before === undefined ? [] : [before];
    await t.step(`stop_container: ${name}`, async () => {
      await using daemon = await startDaemon({ containers });
      using client = await clientOf(daemon);
      const { refusal } = await changedBetween(
        stopContainer,
        { username: "alice" },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals(refusal?.code, "failed_precondition");
      assertStringIncludes(refusal?.message ?? "", "Nothing was changed");
      assertEquals([daemon.state("alice"), daemon.count("POST")], [running, 0]);
    });
    await t.step(`stop_containers: ${name}`, async () => {
      await using daemon = await startDaemon({ containers });
      using client = await clientOf(daemon);
      const { answer } = await changedBetween(
        stopContainers,
        { usernames: ["alic*"] },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals(answer?.containers.map(({ result }) => result), ["failed"]);
      assertEquals([daemon.state("alice"), daemon.count("POST")], [running, 0]);
    });
  }
});

Deno.test("containers.stop() refuses a deletion that was not agreed to, and needs no agreement", async () => {
  await using daemon = await startDaemon({ containers: [doomed] });
  using client = await clientOf(daemon);
  const agreed: AgreedContainer = {};
  const refused = await client.containers.stop("alice", { agreed }).catch(String);
  assertStringIncludes(String(refused), "was not agreed to");
  assertEquals((await client.containers.stop("alice")).changed, true);
});

Deno.test("containers.stop() sends nothing for what is stopped and was agreed to be", async () => {
  await using daemon = await startDaemon({ containers: [{ ...doomed, state: stopped }] });
  using client = await clientOf(daemon);
  const container = await client.containers.findWhole("alice");
  const { changed } = await client.containers.stop("alice", { agreed: { container } });
  assertEquals([changed, daemon.count("POST")], [false, 0]);
});

Deno.test("stop_container stops nothing that the daemon does not list: its deletion may start", async () => {
  await using daemon = await startDaemon({ containers: [doomed] });
  await using server = await connect(daemon);
  const body = '{"containers":[]}';
  daemon.inject({ kind: "answer", status: 200, body, path: /^\/v1\/containers\?/, times: 9 });
  const { isError, text } = await server.call("stop_container", { username: "alice" });
  assertEquals(isError, true);
  assertStringIncludes(text, "whether a stop starts its deletion is not known");
  assertEquals([daemon.state("alice"), daemon.count("POST")], [running, 0]);
});

Deno.test("stop_containers names each deletion that it would start, before and after", async () => {
  const seeds = [
    { ...doomed, username: "ci-1" },
    { ...doomed, username: "ci-2", deleteAfterStoppedSeconds: 7_200 },
    { username: "ci-3" },
  ];
  await using daemon = await startDaemon({ containers: seeds });
  await using server = await connect(daemon, canAsk);
  const questions: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(message);
    return { action: "accept", content: { confirm: true } };
  });
  const dry = await server.call("stop_containers", { usernames: ["ci-*"], dry_run: true });
  assertStringIncludes(dry.text, "it will be deleted 2 h later, with its 50GB disk");
  assertEquals(questions, []);
  const { text } = await server.call("stop_containers", { usernames: ["ci-*"] });
  assertEquals(questions, [
    "Stop 3 containers? Stopping starts a deletion: ci-1-container is deleted 1 min 30 s later, with " +
    "its 50GB disk; ci-2-container is deleted 2 h later, with its 50GB disk; only starting it before " +
    "then prevents that.",
  ]);
  assertStringIncludes(text, "it will be deleted 2 h later, with its 50GB disk");
});

Deno.test("get_container and list_containers show that a stop starts a deletion, and when it comes", async () => {
  await using daemon = await startDaemon({ containers: [doomed, { username: "bob" }] });
  await using server = await connect(daemon);
  const args = { username: "alice" };
  const shown = await server.call("get_container", args);
  assertStringIncludes(shown.text, "delete_after_stopped_seconds: 90");
  assertEquals(shown.text.includes("deletion_at"), false);
  await server.call("stop_container", args);
  const stopping = await server.call("get_container", args);
  assert(/^deletion_at: 20\d\d-.*Z$/m.test(stopping.text), stopping.text);
  const { text } = await server.call("list_containers", {});
  assert(/delete_after_stopped_seconds +deletion_at/.test(text), text);
});

Deno.test("list_containers survives a time span beyond the range of dates", async () => {
  await using daemon = await startDaemon({
    containers: [{ ...doomed, deleteAfterStoppedSeconds: 9e18, state: stopped }],
  });
  await using server = await connect(daemon);
  assertEquals((await server.call("list_containers", {})).isError, false);
});

Deno.test("create_container shows that a stop starts a deletion, where its template says so", async () => {
  await using daemon = await startDaemon();
  await using policy = await connectWithPolicy(daemon, {
    templates: { ci: { "delete_after_stopped": "2h" } },
  });
  const args = { username: "alice", template: "ci" };
  const { text } = await policy.session.call("create_container", args);
  assertStringIncludes(text, "delete_after_stopped_seconds: 7200");
});
