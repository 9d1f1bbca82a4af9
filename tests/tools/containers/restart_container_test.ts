import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { restartContainer } from "../../../tools/containers/restart_container.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

/** Returns the writes that the daemon received, in order. */
function writes({ requests }: Daemon): readonly string[] {
  return requests.filter(({ method }) => method === "POST")
    .map(({ path, body }) => `${path.split("/").at(-1)} ${body}`);
}

const start = "/v1/containers/alice/start";
const refused = {
  kind: "answer" as const,
  method: "POST",
  path: start,
  status: 500,
  body:
    '{"code":500,"error":"rpc error: code = Unknown desc = failed to start container: no room"}',
};

Deno.test("restart_container stops a container and starts it again", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const answer = await server.call("restart_container", { username: "alice" });
  const { changed, steps, container } = restartContainer.output.parse(answer.structuredContent);
  assertEquals([changed, steps, container.state], [true, ["stop", "start"], "running"]);
  assertEquals(answer.text.split("\n")[0], "alice-container: restarted.");
  assertEquals(writes(daemon), ["stop {}", "start {}"]);
});

Deno.test("restart_container kills with force, and only then", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  await server.call("restart_container", { username: "alice", force: true });
  assertEquals(writes(daemon), ['stop {"force":true}', "start {}"]);
});

Deno.test("restart_container only starts a container that is stopped", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  const answer = await server.call("restart_container", { username: "alice" });
  const { changed, steps } = restartContainer.output.parse(answer.structuredContent);
  assertEquals([changed, steps], [true, ["start"]]);
  assertEquals(
    answer.text.split("\n")[0],
    "alice-container: it was already stopped, and is started.",
  );
});

Deno.test("containers.restart() does not claim a start that others made", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const starting = daemon.hold("POST", start);
  const steps: string[] = [];
  const onStep = (step: string) => void steps.push(step);
  const restarted = client.containers.restart("alice", { onStep });
  await starting.reached;
  await client.containers.start("alice");
  starting.release();
  assertEquals((await restarted).steps, ["stop"]);
  assertEquals(steps, ["stop", "start"]);
});

Deno.test("restart_container says in what state a failure leaves the container", async (t) => {
  await t.step("a start that is refused", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    await using server = await connect(daemon);
    daemon.inject(refused);
    const { isError, text } = await server.call("restart_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "It was stopped for the restart and is stopped now.");
    assertStringIncludes(text, 'Next: Call start_container(username="alice").');
  });
  await t.step("a start that is refused, of a container that is deleted once stopped", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice", deleteAfterStoppedSeconds: 600 }],
    });
    using client = await clientOf(daemon);
    daemon.inject(refused);
    const error = await assertRejects(
      () => client.containers.restart("alice"),
      ContainariumError,
    );
    assertEquals([error.reason, error.details.username], ["left_stopped", "alice"]);
    assert(/is stopped now, and will be deleted at 20.*Z/.test(error.message), error.message);
  });
  await t.step("a start that is refused, of a container that was stopped before", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
    });
    await using server = await connect(daemon);
    daemon.inject(refused);
    const { text } = await server.call("restart_container", { username: "alice" });
    assertStringIncludes(text, "It was stopped before the restart and is stopped now.");
  });
  await t.step("a start that is refused, of a container that is gone by then", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const starting = daemon.hold("POST", start);
    const restarted = assertRejects(() => client.containers.restart("alice"), ContainariumError);
    await starting.reached;
    await client.containers.delete("alice");
    daemon.inject(refused);
    starting.release();
    const { message } = await restarted;
    assert(message.endsWith(". It was stopped for the restart and is gone now"), message);
    assertEquals((await restarted).reason, undefined);
  });
  await t.step("a start that is refused, of a container that cannot be read then", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const starting = daemon.hold("POST", start);
    const restarted = assertRejects(() => client.containers.restart("alice"), ContainariumError);
    await starting.reached;
    daemon.inject(refused);
    daemon.inject({ kind: "answer", method: "GET", status: 403, body: "{}", times: 2 });
    starting.release();
    const { message, reason } = await restarted;
    assert(
      /\. It was stopped for the restart; its state could not be read \(.+\)$/.test(message),
      message,
    );
    assertEquals(reason, undefined);
  });
  await t.step("a start whose response is lost", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    await using server = await connect(daemon);
    daemon.dropNext("POST", "after-read", start);
    const { isError, text } = await server.call("restart_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "It was stopped for the restart and is running now.");
    assertEquals(writes(daemon).length, 2, "a write is never sent twice");
  });
  await t.step("a stop whose response is lost: the container is started all the same", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    await using server = await connect(daemon);
    daemon.dropNext("POST", "after-read", "/v1/containers/alice/stop");
    const answer = await server.call("restart_container", { username: "alice" });
    const { steps, container } = restartContainer.output.parse(answer.structuredContent);
    assertEquals([steps, container.state], [["stop", "start"], "running"]);
  });
  await t.step("a stop that was lost on its way: nothing is started", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    daemon.dropNext("POST", "before-read", "/v1/containers/alice/stop");
    const error = await assertRejects(
      () => client.containers.restart("alice"),
      ContainariumError,
    );
    assertEquals([error.code, daemon.state("alice")], ["ambiguous", "CONTAINER_STATE_RUNNING"]);
    assertEquals(writes(daemon), []);
  });
  await t.step("a stop whose response is lost, of a container that is gone by then", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const stopping = daemon.hold("POST", "/v1/containers/alice/stop");
    const restarted = assertRejects(() => client.containers.restart("alice"), ContainariumError);
    await stopping.reached;
    await client.containers.delete("alice");
    daemon.dropNext("POST", "after-read", "/v1/containers/alice/stop");
    stopping.release();
    assertEquals([(await restarted).code, writes(daemon).length], ["ambiguous", 1]);
  });
  await t.step("a shutdown that the daemon gave up, and that ended all the same", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    await using server = await connect(daemon);
    using other = await clientOf(daemon);
    const path = "/v1/containers/alice/stop";
    const hold = daemon.hold("POST", path);
    const answering = server.call("restart_container", { username: "alice" });
    await hold.reached;
    await other.containers.stop("alice");
    const error =
      "rpc error: code = Unknown desc = failed to stop container: Failed shutting down " +
      'instance, status is "Running": context deadline exceeded';
    daemon.inject({ ...refused, path, body: JSON.stringify({ code: 500, error }) });
    hold.release();
    const answer = await answering;
    const { steps, container } = restartContainer.output.parse(answer.structuredContent);
    assertEquals([steps, container.state], [["stop", "start"], "running"], answer.text);
  });
  await t.step("no such container", async () => {
    await using daemon = await startDaemon();
    await using server = await connect(daemon);
    const { isError, text } = await server.call("restart_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "list_containers");
    assertEquals(writes(daemon).length, 1);
  });
});

Deno.test("containers.restart() starts what it stopped even if the call is cancelled", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const controller = new AbortController();
  const stopping = daemon.hold("POST", "/v1/containers/alice/stop");
  const restarting = client.containers.restart("alice", { signal: controller.signal });
  await stopping.reached;
  controller.abort();
  stopping.release();
  assertEquals((await restarting).steps, ["stop", "start"]);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("restart_container asks when its stop starts a deletion, and does no more", async (t) => {
  const doomed = { username: "alice", deleteAfterStoppedSeconds: 60, createdAt: new Date(0) };
  await t.step("the question", async () => {
    await using daemon = await startDaemon({ containers: [doomed] });
    using client = await clientOf(daemon);
    const { question, answer } = await changedBetween(
      restartContainer,
      { username: "alice" },
      contextOf(client),
      () => {},
    );
    assertEquals(question, {
      message:
        "Restart alice-container? Stopping it starts its deletion (1 min later, with its 50GB " +
        "disk), which starting it again prevents: if it cannot be started in time, it is lost.",
      confirm: "Restart alice-container",
    });
    assertEquals(answer?.steps, ["stop", "start"]);
  });
  await t.step("none for other containers", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const request = await restartContainer.consent?.(
      { username: "alice", force: false },
      contextOf(client),
    );
    assertEquals(request?.question, undefined);
  });
  await t.step("what was not asked about is not stopped", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const { refusal } = await changedBetween(
      restartContainer,
      { username: "alice" },
      contextOf(client),
      () => daemon.replace(doomed),
    );
    assertEquals(refusal?.reason, "changed_since_agreed");
    assertEquals(writes(daemon), []);
  });
});
