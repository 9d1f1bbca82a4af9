import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("delete_container deletes a container, a running one too", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  for (const username of ["alice", "bob"]) {
    const answer = await server.call("delete_container", { username });
    assertEquals(answer.text, `Deleted ${username}-container.`);
    assertEquals(answer.structuredContent, { deleted: `${username}-container` });
    assertEquals(daemon.state(username), undefined);
  }
});

Deno.test("delete_container asks for a kill only when told to", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  await server.call("delete_container", { username: "alice" });
  await server.call("delete_container", { username: "bob", force: true });
  const paths = daemon.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  assertEquals(paths, ["/v1/containers/alice", "/v1/containers/bob?force=true"]);
});

Deno.test("delete_container explains what stands in its way", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  await t.step("no such container", async () => {
    const { isError, text } = await server.call("delete_container", { username: "carol" });
    assertEquals(isError, true);
    assertStringIncludes(text, "Why: there is no container of that user");
  });
  await t.step("an answer that is lost", async () => {
    daemon.dropNext("DELETE", "after-read");
    const { isError, text } = await server.call("delete_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "may have been carried out");
    assertEquals(daemon.count("DELETE", "/v1/containers/alice"), 1);
  });
});
