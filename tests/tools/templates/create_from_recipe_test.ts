import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createFromRecipe } from "../../../tools/templates/create_from_recipe.ts";
import { connect } from "../../connect.ts";
import { type DaemonOptions, type RecipeSeed, startDaemon } from "../../daemon/mod.ts";

const web: RecipeSeed = {
  id: "web",
  parameters: [
    { name: "image", required: true, description: "What to run" },
    { name: "port", default: "80" },
  ],
  resources: { cpu: "2", memory: "1GB", disk: "10GB" },
  ports: [8080],
  postStart: ["podman run -d nginx"],
};
const asked = { recipe: "web", username: "alice", parameters: { image: "nginx" } };

async function start(options: DaemonOptions = {}) {
  const daemon = await startDaemon({ recipes: [web], ...options });
  const server = await connect(daemon);
  return {
    daemon,
    server,
    call: (args: object) => server.call("create_from_recipe", { ...args }),
    /** What was sent of a deployment. */
    sent: () => daemon.requests.filter(({ path }) => path.endsWith("/deploy")),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}

Deno.test("create_from_recipe makes a container and says what goes on in it", async () => {
  await using stage = await start();
  const answer = await stage.call({ ...asked, cpu: "1", labels: { team: "dev" } });
  assertEquals(answer.isError, false, answer.text);
  const { created, container, ports, message, next, url } = createFromRecipe.output.parse(
    answer.structuredContent,
  );
  assertEquals([created, container?.state, container?.cpu, container?.disk], [
    true,
    "running",
    "1",
    "10GB",
  ]);
  assertEquals([container?.labels, ports, url], [{ team: "dev" }, [8080], undefined]);
  assertStringIncludes(message ?? "", "post_start running in background");
  assertStringIncludes(next, "tells neither when they have ended nor whether they failed");
  assertStringIncludes(next, 'run_command(username="alice", command="podman ps -a", as_root=true)');
  assertStringIncludes(answer.text, "ports: 8080");
  assertEquals(stage.sent().map(({ body }) => JSON.parse(body)), [{
    name: "alice",
    async: true,
    parameters: { image: "nginx" },
    resourceOverrides: { cpu: "1" },
    labels: { team: "dev" },
  }]);
});

Deno.test("an ERROR that an earlier creation left does not pass for this one's", async () => {
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

Deno.test("create_from_recipe hands a GPU to a recipe that needs one", async () => {
  await using stage = await start({ gpus: 1 });
  const answer = await stage.call({ recipe: "ollama", username: "alice", gpu: "0" });
  assertEquals(answer.isError, false, answer.text);
  assertEquals(JSON.parse(stage.sent()[0]?.body ?? "").gpu, "0");
});

Deno.test("create_from_recipe returns early, and the same call waits on for the same work", async () => {
  await using stage = await start();
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  const early = await stage.call({ ...asked, wait_seconds: 0 });
  await creating.reached;
  assertEquals(early.isError, false, early.text);
  const { created, next } = createFromRecipe.output.parse(early.structuredContent);
  assertEquals(created, false);
  assertStringIncludes(next, "also when this client disconnects");
  assertStringIncludes(next, "Next: create_from_recipe with the same arguments");
  const again = stage.call(asked);
  creating.release();
  const answer = await again;
  assertEquals(answer.isError, false, answer.text);
  assertEquals(createFromRecipe.output.parse(answer.structuredContent).created, true);
  assertEquals(stage.sent().length, 1, "a write is never sent twice");
});

Deno.test("create_from_recipe tells a call that comes back how it ended meanwhile", async (t) => {
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
    assertStringIncludes(once.text, "alice has a container already (running)");
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

Deno.test("create_from_recipe tells how far it is while it waits", async () => {
  await using stage = await start();
  const told: string[] = [];
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  stage.server.onNotification("notifications/progress", ({ message }) => {
    told.push(String(message));
    if (told.includes("alice-container: being created")) resolve();
  });
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  const call = stage.server.call("create_from_recipe", asked, { progressToken: 7 });
  await seen;
  creating.release();
  assertEquals((await call).isError, false);
});

Deno.test("create_from_recipe tells what ended the creation", async (t) => {
  const creates = { bad: { kind: "fails", phase: "creating", reason: "disk is full" } } as const;
  await using stage = await start({ creates, cpus: 2, cpuOvercommitFactor: 1 });
  const refusal = async (args: object): Promise<string> => {
    const { isError, text } = await stage.call({ ...asked, ...args });
    assertEquals(isError, true, text);
    return text;
  };
  await t.step("a host that fails at it", async () => {
    assertStringIncludes(await refusal({ username: "bad" }), "disk is full");
  });
  await t.step("a host that has no CPU left", async () => {
    assertStringIncludes(await refusal({ cpu: "4" }), "CPU capacity exceeded");
  });
  await t.step("a GPU that there is not", async () => {
    const text = await refusal({ recipe: "ollama", parameters: {}, gpu: "3", cpu: "1" });
    assertStringIncludes(text, "GPU input");
    assertStringIncludes(text, "Why: an argument is not acceptable.");
  });
  await t.step("an answer that is lost: what is there is read, nothing is sent again", async () => {
    stage.daemon.dropNext("POST", "after-read", /deploy/);
    const before = stage.sent().length;
    const text = await refusal({ username: "carol" });
    assertStringIncludes(text, "may have been carried out");
    assert(/Read afterwards: .*carol-container/.test(text), text);
    assertStringIncludes(text, "Next: do not repeat it blindly");
    assertEquals(stage.sent().length, before + 1);
  });
});

Deno.test("create_from_recipe refuses before anything is sent", async (t) => {
  await using stage = await start({ containers: [{ username: "bob" }], hostAccounts: ["dave"] });
  const refusals: Readonly<Record<string, readonly [object, string]>> = {
    "a recipe that is not there": [
      { recipe: "olama" },
      'There is no recipe "olama". Did you mean ollama? There are: ollama, llamacpp, web',
    ],
    "a parameter that is missing": [
      { parameters: {} },
      'Recipe web: needs parameter "image" (What to run). Nothing was sent',
    ],
    "a parameter that is empty": [{ parameters: { image: "" } }, 'needs parameter "image"'],
    "a parameter that it does not know, which the daemon would pass over": [
      { parameters: { image: "nginx", ports: "8080" } },
      'Recipe web: no parameter "ports" (did you mean port?). Nothing was sent',
    ],
    "no GPU for a recipe that needs one": [
      { recipe: "ollama", parameters: {} },
      "Recipe ollama: needs a GPU: say which in gpu",
    ],
    "a container that is there": [{ username: "bob" }, "bob has a container already (running)"],
    "an account of the host": [{ username: "dave" }, "The host has an account named dave"],
    "a username that cannot be": [{ username: "Alice Smith" }, "is not a username"],
    "a label of the daemon's": [{ labels: { "os-type": "x" } }, "os-type is the daemon's own"],
    "a size that is none": [{ memory: "lots" }, "memory: expected a size"],
  };
  for (const [name, [args, expected]] of Object.entries(refusals)) {
    await t.step(name, async () => {
      const { isError, text } = await stage.call({ ...asked, ...args });
      assertEquals(isError, true, text);
      assertStringIncludes(text, expected);
    });
  }
  assertEquals(stage.sent(), []);
});

Deno.test("create_from_recipe with other arguments does not take over what is under way", async () => {
  await using stage = await start();
  const creating = stage.daemon.holdPhase("sync-create", "alice");
  await stage.call({ ...asked, wait_seconds: 0 });
  await creating.reached;
  const { isError, text } = await stage.call({ ...asked, cpu: "1" });
  assertEquals(isError, true);
  assertStringIncludes(text, "The deployment of web as alice-container is under way");
  assertStringIncludes(text, "Next: wait for it by calling with the same arguments as before");
  assertEquals(stage.sent().length, 1);
  creating.release();
});

Deno.test("a deployment goes on when the call is cancelled, and when the server ends", async () => {
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

Deno.test("create_from_recipe needs a daemon that has recipes", async () => {
  await using stage = await start({ version: "0.6.0" });
  const { isError, text } = await stage.call(asked);
  assertEquals(isError, true);
  assertStringIncludes(text, "Why: this daemon is too old");
});
