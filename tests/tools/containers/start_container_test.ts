import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startContainer } from "../../../tools/containers/start_container.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";

Deno.test("start_container starts a stopped container and waits for its address", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
    delays: { ipAddressMs: 10 },
  });
  await using server = await connect(daemon);
  const answer = await server.call("start_container", { username: "alice" });
  const { changed, container } = startContainer.output.parse(answer.structuredContent);
  assertEquals([changed, container.state], [true, "running"]);
  assert(container.ip_address !== undefined);
  assertStringIncludes(answer.text, "-container: started.");
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
});

Deno.test("start_container leaves a running container as it is", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const answer = await server.call("start_container", { username: "alice" });
  assertEquals(answer.isError, false);
  assertStringIncludes(answer.text, "it was already running.");
  assertEquals(startContainer.output.parse(answer.structuredContent).changed, false);
});

Deno.test("start_container explains each refusal", async (t) => {
  await t.step("no such container", async () => {
    await using daemon = await startDaemon();
    await using server = await connect(daemon);
    const { isError, code, text } = await server.call("start_container", { username: "alice" });
    assertEquals([isError, code], [true, "not_found"]);
    assertStringIncludes(text, "list_containers");
  });
  await t.step("a daemon of January 2026, which could not start yet", async () => {
    await using daemon = await startDaemon({
      version: "0.3.0",
      containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
    });
    await using server = await connect(daemon);
    const answer = await server.call("start_container", { username: "alice" });
    assertEquals(
      [answer.isError, answer.code, answer.reason],
      [true, "unsupported", "daemon_too_old"],
    );
    assertStringIncludes(answer.text, "not implemented yet");
  });
});

testWithPty(
  "start_container waits for a port, and says whether something listens on it",
  async (t) => {
    await using daemon = await startDaemon({
      shell: {},
      containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
    });
    await using server = await connect(daemon);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const args = { username: "alice", "wait_seconds": 1 };
    await t.step("it is open", async () => {
      const { text, structuredContent } = await server.call("start_container", {
        ...args,
        wait_for_port: port,
      });
      assertEquals(startContainer.output.parse(structuredContent).port?.open, true);
      assertStringIncludes(text, `Port ${port} is open`);
    });
    await t.step("nothing listens", async () => {
      listener.close();
      const { isError, text } = await server.call("start_container", {
        ...args,
        wait_for_port: port,
      });
      assertEquals(isError, false);
      assertStringIncludes(text, `Port ${port} is not open: nothing listened on it within 1 s`);
    });
    const start = daemon.requests.find(({ path }) => path.endsWith("/start"));
    assertEquals(start?.body, "{}", "the daemon's own probe is not asked for");
  },
);

Deno.test("start_container does not know of a port where no command can be run", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  const { isError, text } = await server.call("start_container", {
    username: "alice",
    wait_for_port: 80,
  });
  assertEquals(isError, false, text);
  assertStringIncludes(text, "Whether port 80 is open is unknown");
});
