import { assertEquals, assertStringIncludes } from "@std/assert";
import { deleteContainer } from "../../../tools/containers/delete_container.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type ContainerSeed, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

Deno.test("delete_container deletes a container, a running one too", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  for (const username of ["alice", "bob"]) {
    const answer = await server.call("delete_container", { username });
    assertEquals(answer.text, `Deleted ${username}-container.`);
    assertEquals(answer.structuredContent, {
      deleted: true,
      container_name: `${username}-container`,
    });
    assertEquals(daemon.state(username), undefined);
  }
});

Deno.test("delete_container sends force only if requested", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  await server.call("delete_container", { username: "alice" });
  await server.call("delete_container", { username: "bob", force: true });
  const paths = daemon.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  assertEquals(paths, ["/v1/containers/alice", "/v1/containers/bob?force=true"]);
});

Deno.test("delete_container says that there is nothing to delete", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await server.call("delete_container", { username: "carol" });
  assertEquals(answer.isError, false);
  assertEquals(answer.text, "There is no carol-container; nothing was deleted.");
  assertEquals(daemon.count("DELETE"), 0);
});

Deno.test("delete_container explains each refusal", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", protected: true }],
  });
  await using server = await connect(daemon);
  await t.step("protection, which the daemon itself ignores", async () => {
    const { isError, text } = await server.call("delete_container", { username: "bob" });
    assertEquals(isError, true);
    assertStringIncludes(text, "bob's container is protected from deletion");
    assertEquals(daemon.state("bob"), "CONTAINER_STATE_RUNNING");
  });
  await t.step("an answer that is lost", async () => {
    daemon.dropNext("DELETE", "after-read");
    const { isError, text } = await server.call("delete_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "may have been carried out");
    assertEquals(daemon.count("DELETE", "/v1/containers/alice"), 1);
  });
});

Deno.test("delete_container asks what would be lost", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", resources: { disk: "20GB" } }, { username: "ubuntu" }, {
      username: "bob",
      protected: true,
    }],
  });
  using client = await clientOf(daemon);
  const context = contextOf(client);
  const question = (username: string) =>
    deleteContainer.consent?.(
      { username, force: false, keep_leftovers: false, permanently: false },
      context,
    );
  await t.step("a container", async () => {
    assertEquals((await question("alice"))?.question, {
      message: "Delete alice-container (running) and everything on its 20GB disk, permanently? " +
        "The host account alice, if there is one, is removed with its home.",
      confirm: "Delete alice-container",
    });
  });
  await t.step("one named like a system account of the host", async () => {
    assertStringIncludes((await question("ubuntu"))?.question?.message ?? "", "SYSTEM ACCOUNT");
  });
  await t.step("nothing, where nothing is lost", async () => {
    assertEquals((await question("nobody1"))?.question, undefined);
    assertEquals((await question("bob"))?.question, undefined);
  });
});

Deno.test("delete_container deletes nothing that it did not ask about", async (t) => {
  const old = new Date("2026-01-01T00:00:00Z");
  const cases: Readonly<Record<string, readonly [ContainerSeed[], ContainerSeed]>> = {
    "one that lost its protection meanwhile": [
      [{ username: "alice", protected: true, createdAt: old }],
      { username: "alice", createdAt: old },
    ],
    "one that was not there": [[], { username: "alice" }],
    "one created anew under the same name": [
      [{ username: "alice", createdAt: old }],
      { username: "alice" },
    ],
  };
  for (const [name, [containers, after]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers });
      using client = await clientOf(daemon);
      const { refusal } = await changedBetween(
        deleteContainer,
        { username: "alice" },
        contextOf(client),
        () => daemon.replace(after),
      );
      assertEquals(refusal?.code, "failed_precondition");
      assertStringIncludes(refusal?.message ?? "", "Nothing was changed");
      assertEquals([daemon.state("alice"), daemon.count("DELETE")], ["CONTAINER_STATE_RUNNING", 0]);
    });
  }
  await t.step("but what it did ask about, whatever else of it changed", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice", createdAt: old }] });
    using client = await clientOf(daemon);
    const { answer } = await changedBetween(
      deleteContainer,
      { username: "alice" },
      contextOf(client),
      () => client.containers.stop("alice"),
    );
    assertEquals(answer?.deleted, true);
  });
});

Deno.test("delete_container deletes nothing if the protection is removed between its two reads", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "bob", protected: true }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  let questions = 0;
  server.onRequest("elicitation/create", () => {
    questions++;
    return { action: "decline" };
  });
  // The second read of the call is the one before the deletion.
  const first = daemon.hold("GET", "/v1/containers/bob");
  const call = server.call("delete_container", { username: "bob" });
  await first.reached;
  const second = daemon.hold("GET", "/v1/containers/bob");
  first.release();
  await second.reached;
  daemon.replace({ username: "bob" });
  second.release();
  const { isError, text } = await call;
  assertEquals([isError, questions, daemon.count("DELETE")], [true, 0, 0], text);
});
