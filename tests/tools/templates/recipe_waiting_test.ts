import { assertEquals, assertStringIncludes } from "@std/assert";
import { createFromRecipe } from "../../../tools/templates/create_from_recipe.ts";
import { asked, start } from "./stage.ts";

Deno.test("create_from_recipe ignores an ERROR that an earlier creation left", async () => {
  await using stage = await start();
  stage.daemon.failNextCreate();
  const failed = await stage.server.call("create_container", { username: "alice" });
  assertEquals([failed.isError, stage.daemon.state("alice")], [true, "CONTAINER_STATE_ERROR"]);
  const unread = stage.daemon.hold("POST", /deploy/);
  const early = await stage.call({ ...asked, wait_seconds: 0 });
  await unread.reached;
  assertEquals(createFromRecipe.output.parse(early.structuredContent).container, undefined);
  unread.release();
  const { text, structuredContent } = await stage.call(asked);
  const { container } = createFromRecipe.output.parse(structuredContent);
  assertEquals(container?.state, "running", text);
});

Deno.test("create_from_recipe returns early, and the same call keeps waiting for the same deployment", async () => {
  await using stage = await start();
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  const early = await stage.call({ ...asked, wait_seconds: 0 });
  await creating.reached;
  assertEquals(early.isError, false, early.text);
  const { created, next } = createFromRecipe.output.parse(early.structuredContent);
  assertEquals(created, false);
  assertStringIncludes(next, "even if this client disconnects");
  assertStringIncludes(next, "Next: create_from_recipe with the same arguments");
  const again = stage.call(asked);
  creating.release();
  const answer = await again;
  assertEquals(answer.isError, false, answer.text);
  assertEquals(createFromRecipe.output.parse(answer.structuredContent).created, true);
  assertEquals(stage.sent().length, 1, "a write is never sent twice");
});

Deno.test("create_from_recipe reports to a repeated call how the deployment ended", async (t) => {
  await t.step("well", async () => {
    await using stage = await start();
    const creating = stage.daemon.holdPhase("sync-create", "alice");
    await stage.call({ ...asked, wait_seconds: 0 });
    await creating.reached;
    creating.release();
    await stage.daemon.when("alice", "CONTAINER_STATE_RUNNING");
    await stage.daemon.idle();
    const { text, structuredContent } = await stage.call(asked);
    assertEquals(createFromRecipe.output.parse(structuredContent).created, true, text);
    const once = await stage.call(asked);
    assertStringIncludes(once.text, "alice already has a container (running)");
    assertEquals(stage.sent().length, 1);
  });
  await t.step("badly, and the call after that tries anew", async () => {
    const creates = { alice: { kind: "fails", reason: "no space left on device" } } as const;
    await using stage = await start({ creates });
    const creating = stage.daemon.holdPhase("sync-create", "alice");
    await stage.call({ ...asked, wait_seconds: 0 });
    await creating.reached;
    creating.release();
    await stage.daemon.idle();
    const { isError, text } = await stage.call(asked);
    assertEquals(isError, true);
    assertStringIncludes(text, "failed to provision container: failed to create container: no spa");
    assertEquals(stage.sent().length, 1);
    assertStringIncludes((await stage.call(asked)).text, "no space left on device");
    assertEquals(stage.sent().length, 2);
  });
  await t.step("of a container that was deleted since: it is made anew", async () => {
    await using stage = await start();
    const creating = stage.daemon.holdPhase("sync-create", "alice");
    await stage.call({ ...asked, wait_seconds: 0 });
    await creating.reached;
    creating.release();
    await stage.daemon.when("alice", "CONTAINER_STATE_RUNNING");
    await stage.daemon.idle();
    await stage.server.call("delete_container", { username: "alice" });
    await stage.daemon.when("alice", undefined);
    const { isError, text } = await stage.call(asked);
    assertEquals([isError, stage.daemon.state("alice")], [false, "CONTAINER_STATE_RUNNING"], text);
    assertEquals(stage.sent().length, 2);
  });
});

Deno.test("create_from_recipe reports progress while it waits", async () => {
  await using stage = await start();
  const messages: string[] = [];
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  stage.server.onNotification("notifications/progress", ({ message }) => {
    messages.push(String(message));
    if (messages.includes("alice-container: being created")) resolve();
  });
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  const call = stage.server.call("create_from_recipe", asked, { progressToken: 7 });
  await seen;
  creating.release();
  assertEquals((await call).isError, false);
});

Deno.test("create_from_recipe with other arguments does not join a pending deployment", async () => {
  await using stage = await start();
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  await stage.call({ ...asked, wait_seconds: 0 });
  await creating.reached;
  const { isError, text } = await stage.call({ ...asked, cpu: "1" });
  assertEquals(isError, true);
  assertStringIncludes(text, "The deployment of web as alice-container is in progress");
  assertStringIncludes(text, "calling with the same arguments as before");
  assertEquals(stage.sent().length, 1);
  creating.release();
});

Deno.test("create_from_recipe continues if the call is cancelled and if the server ends", async () => {
  await using stage = await start();
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  const call = stage.server.request(
    "tools/call",
    { name: "create_from_recipe", arguments: asked },
    { id: "long" },
  );
  call.catch(() => {});
  await creating.reached;
  await stage.server.notify("notifications/cancelled", { requestId: "long" });
  const early = await stage.call({ ...asked, wait_seconds: 0 });
  assertEquals(createFromRecipe.output.parse(early.structuredContent).created, false);
  await stage.server.closeStdin();
  const { code } = await stage.server.exited;
  assertEquals(code, 0);
  creating.release();
  await stage.daemon.when("alice", "CONTAINER_STATE_RUNNING");
  assertEquals(stage.sent().length, 1);
});

Deno.test("create_from_recipe works without async on a daemon that does not know it", async () => {
  await using stage = await start();
  stage.daemon.inject({
    kind: "answer",
    status: 400,
    contentType: "application/json",
    body: JSON.stringify({
      code: 400,
      error: 'rpc error: code = InvalidArgument desc = proto: (line 1:2): unknown field "async"',
    }),
    path: /deploy/,
  });
  const script = stage.daemon.holdPhase("post-start", "alice");
  const early = await stage.call({ ...asked, wait_seconds: 0 });
  await script.reached;
  assertEquals(createFromRecipe.output.parse(early.structuredContent).created, false);
  script.release();
  const { text, structuredContent } = await stage.call(asked);
  const { message, next } = createFromRecipe.output.parse(structuredContent);
  assertStringIncludes(message ?? "", 'Recipe "web" deployed as alice-container', text);
  assertEquals(next, "It is ready.");
  assertEquals(stage.sent().map(({ body }) => "async" in JSON.parse(body)), [true, false]);
});
