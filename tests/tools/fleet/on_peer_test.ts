/** Tools for containers with a container on another host. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createContainer } from "../../../tools/containers/create_container.ts";
import { connect } from "../../connect.ts";
import { startTwoHosts } from "../../two_hosts.ts";

const containers = [{ username: "bob" }];

Deno.test("run_command on a peer's container says that the daemon cannot pass it on", async () => {
  await using hosts = await startTwoHosts({}, { containers });
  await using server = await connect(hosts.near);
  const { isError, text } = await server.call("run_command", { username: "bob", command: "id" });
  assertEquals(isError, true);
  assertStringIncludes(text, "it could not forward the connection to the backend far");
  assertStringIncludes(text, "Terminals work only for containers on this daemon's own host");
});

Deno.test("get_container shows a peer's container with its host, and no unknown times", async () => {
  await using hosts = await startTwoHosts({}, { containers });
  await using server = await connect(hosts.near);
  const { text } = await server.call("get_container", { username: "bob" });
  assertStringIncludes(text, "backend: far\npool: gpu");
  assertEquals(/created_at|-62135596800|0001-01-01/.test(text), false);
});

Deno.test("create_container creates on another host and reads it from there", async () => {
  await using hosts = await startTwoHosts();
  await using server = await connect(hosts.near);
  const answer = await server.call("create_container", { username: "bob", backend: "far" });
  const { ready, container } = createContainer.output.parse(answer.structuredContent);
  assertEquals([ready, container.backend], [true, "far"]);
  assertEquals(hosts.far.state("bob"), "CONTAINER_STATE_RUNNING");
  assertEquals(hosts.near.state("bob"), undefined);
});

Deno.test("stop_container reports a peer's refusal as a failure", async () => {
  await using hosts = await startTwoHosts({}, { containers });
  await using server = await connect(hosts.near);
  hosts.far.inject({ kind: "answer", method: "POST", status: 500, body: "{}" });
  const { isError, text } = await server.call("stop_container", { username: "bob" });
  assertEquals(isError, true);
  assertStringIncludes(text, "bob-container is stopped on far, but it is running there");
});

Deno.test("update_container says that a peer's settings are set through its own daemon", async () => {
  await using hosts = await startTwoHosts({}, { containers });
  await using server = await connect(hosts.near);
  for (const setting of [{ labels: { team: "dev" } }, { auto_sleep_minutes: 5 }]) {
    const { isError, text } = await server.call("update_container", {
      username: "bob",
      ...setting,
    });
    assertEquals(isError, true);
    assertStringIncludes(text, "only of containers on its own host: set them through far's own");
  }
});

Deno.test("list_snapshots says that snapshots of a peer's container are out of reach", async () => {
  await using hosts = await startTwoHosts({ zfs: true }, { zfs: true, containers });
  await using server = await connect(hosts.near);
  for (const tool of ["list_snapshots", "create_snapshot"]) {
    const { isError, text } = await server.call(tool, { username: "bob" });
    assertEquals(isError, true, text);
    assertStringIncludes(text, "another host (far)");
  }
});
