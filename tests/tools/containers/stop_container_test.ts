import { assertEquals, assertStringIncludes } from "@std/assert";
import { stopContainer } from "../../../tools/containers/stop_container.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("stop_container stops a running container and says so", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);

  const answer = await server.call("stop_container", { username: "alice" });

  const { changed, container } = stopContainer.output.parse(answer.structuredContent);
  assertEquals([changed, container.state], [true, "stopped"]);
  assertEquals(answer.text, "Stopped alice's container.");
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
});

Deno.test("stop_container leaves a stopped container as it is", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  const answer = await server.call("stop_container", { username: "alice" });
  assertEquals(answer.text, "alice's container was already stopped.");
  assertEquals(stopContainer.output.parse(answer.structuredContent).changed, false);
});

Deno.test("stop_container sends force only if requested", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  await server.call("stop_container", { username: "alice" });
  await server.call("stop_container", { username: "bob", force: true });
  const bodies = daemon.requests.filter(({ method }) => method === "POST").map(({ body }) => body);
  assertEquals(bodies, ["{}", '{"force":true}']);
});

Deno.test("stop_container explains each refusal", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);

  await t.step("no such container", async () => {
    const { isError, text } = await server.call("stop_container", { username: "carol" });
    assertEquals(isError, true);
    assertStringIncludes(text, "list_containers");
  });
  await t.step("connection lost after the daemon read the request", async () => {
    daemon.dropNext("POST", "after-read");
    const before = daemon.count("POST");
    const { isError, text } = await server.call("stop_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "may have been carried out");
    assertStringIncludes(text, "call get_container");
    assertEquals(daemon.count("POST") - before, 1, "a write is never sent twice");
  });
});
