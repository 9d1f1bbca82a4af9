import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { installStack } from "../../../tools/templates/install_stack.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const alice = { containers: [{ username: "alice" }] };
const path = "/v1/containers/alice/install-stack";

Deno.test("install_stack installs a stack, and says what the daemon does not report", async () => {
  await using daemon = await startDaemon(alice);
  await using server = await connect(daemon);
  const answer = await server.call("install_stack", { username: "alice", stack: "nodejs" });
  assertEquals(answer.isError, false, answer.text);
  const { installed, message, next } = installStack.output.parse(answer.structuredContent);
  assertEquals([installed, message], [
    true,
    'Stack "nodejs" installed successfully on alice-container',
  ]);
  assertStringIncludes(next, "ignores errors of the stack's own commands");
  assertEquals(answer.text, `${message}\n${next}`);
  const post = daemon.requests.find(({ method }) => method === "POST");
  assertEquals(JSON.parse(post?.body ?? ""), { stackId: "nodejs" });
});

Deno.test("install_stack installs a base script, which is not listed", async () => {
  await using daemon = await startDaemon(alice);
  await using server = await connect(daemon);
  const answer = await server.call("install_stack", { username: "alice", stack: "ntp" });
  assertEquals(answer.isError, false, answer.text);
});

Deno.test("install_stack returns early, and the same call keeps waiting", async (t) => {
  await using daemon = await startDaemon(alice);
  await using server = await connect(daemon);
  const call = (args: object = {}) =>
    server.call("install_stack", { username: "alice", stack: "nodejs", ...args });
  const installing = daemon.holdPhase("installing", "alice");
  const early = await call({ wait_seconds: 0 });
  await installing.reached;
  await t.step("it says so", () => {
    const { installed, next } = installStack.output.parse(early.structuredContent);
    assertEquals(installed, false);
    assertStringIncludes(next, "even if this client disconnects");
    assertStringIncludes(early.text, "Next: install_stack with the same arguments");
  });
  await t.step("another stack beside it would spoil both", async () => {
    const { isError, text } = await call({ stack: "python" });
    assertEquals(isError, true);
    assertStringIncludes(text, "The installation of nodejs in alice-container is in progress");
    assert(!text.includes("delete_container"), text);
  });
  await t.step("the rest of the server goes on", async () => {
    assertEquals((await server.call("get_container", { username: "alice" })).isError, false);
  });
  await t.step("the same call learns how it ends", async () => {
    const again = call();
    installing.release();
    const { structuredContent, text } = await again;
    assertEquals(installStack.output.parse(structuredContent).installed, true, text);
    assertEquals(daemon.count("POST", path), 1, "a write is never sent twice");
  });
  await t.step("and the next one installs again", async () => {
    assertEquals((await call()).isError, false);
    assertEquals(daemon.count("POST", path), 2);
  });
});

Deno.test("install_stack does not report an installation of a deleted container for its successor", async () => {
  const createdAt = new Date("2026-11-01T10:00:00Z");
  await using daemon = await startDaemon({ containers: [{ username: "alice", createdAt }] });
  await using server = await connect(daemon);
  const args = { username: "alice", stack: "nodejs" };
  const installing = daemon.holdPhase("installing", "alice");
  await server.call("install_stack", { ...args, wait_seconds: 0 });
  await installing.reached;
  installing.release();
  await daemon.idle();
  await server.call("delete_container", { username: "alice" });
  await server.call("create_container", { username: "alice" });
  assertEquals((await server.call("install_stack", args)).isError, false);
  assertEquals(daemon.count("POST", path), 2);
});

Deno.test("install_stack delays no other call", async () => {
  const usernames = Array.from({ length: 9 }, (_, index) => `user${index}`);
  await using daemon = await startDaemon({
    containers: usernames.map((username) => ({ username })),
  });
  await using server = await connect(daemon);
  const holds = usernames.map((username) => daemon.holdPhase("installing", username));
  for (const username of usernames.slice(0, 8)) {
    await server.call("install_stack", { username, stack: "nodejs", wait_seconds: 0 });
  }
  assertEquals((await server.call("list_containers")).isError, false);
  const ninth = await server.call("install_stack", { username: "user8", stack: "nodejs" });
  assertEquals(ninth.isError, true);
  assertStringIncludes(ninth.text, "8 such calls are in progress, which is the maximum");
  for (const hold of holds) hold.release();
});

Deno.test("install_stack explains each refusal", async (t) => {
  await using daemon = await startDaemon({
    containers: [
      { username: "alice" },
      { username: "bob", state: "CONTAINER_STATE_STOPPED" },
      { username: "win", osType: "OS_TYPE_WINDOWS_2022" },
    ],
  });
  await using server = await connect(daemon);
  const refusal = async (username: string, stack = "nodejs"): Promise<string> => {
    const { isError, text } = await server.call("install_stack", { username, stack });
    assertEquals(isError, true, text);
    return text;
  };
  await t.step("a stack that is not there, a near name", async () => {
    const text = await refusal("alice", "nodjs");
    assertStringIncludes(text, "unknown stack or base script: nodjs");
    assertStringIncludes(text, "did you mean nodejs?");
    assertStringIncludes(text, "list_templates");
  });
  await t.step("a container that does not run", async () => {
    const text = await refusal("bob");
    assertStringIncludes(text, "bob-container is stopped: a stack can be installed only while it");
    assertStringIncludes(text, "Next: Call start_container, then call again.");
    assertEquals(daemon.count("POST", /bob/), 0);
  });
  await t.step("no such container, a near name", async () => {
    assertStringIncludes(await refusal("alcie"), "Did you mean alice?");
  });
  await t.step("a Windows machine", async () => {
    assertStringIncludes(await refusal("win"), "not supported on Windows VMs");
  });
  await t.step("an answer that is lost", async () => {
    daemon.dropNext("POST", "after-read", path);
    const before = daemon.count("POST", path);
    const text = await refusal("alice");
    assertStringIncludes(text, "may have been carried out");
    assertEquals(daemon.count("POST", path), before + 1, "a write is never sent twice");
  });
});
