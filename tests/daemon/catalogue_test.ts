/** Stacks, recipes, and creations that fail or are slow among good ones. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { create, errorOf, statusAndText } from "./asking.ts";
import { startDaemon } from "./mod.ts";

const alice = { containers: [{ username: "alice" }] };

function post(body: unknown) {
  return { method: "POST", body: JSON.stringify(body) };
}

Deno.test("A stack is installed in a container that runs, base scripts too", async () => {
  await using daemon = await startDaemon(alice);
  for (const stackId of ["nodejs", "ntp"]) {
    const { status, text } = await statusAndText(
      daemon,
      "/v1/containers/alice/install-stack",
      post({ stackId }),
    );
    assertEquals(status, 200, text);
    assertStringIncludes(text, `Stack \\"${stackId}\\" installed successfully on alice-container`);
  }
});

Deno.test("A stack is refused by a container that does not run, or is another's", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "bob", state: "CONTAINER_STATE_STOPPED" },
      { username: "win", osType: "OS_TYPE_WINDOWS_2022" },
    ],
  });
  const install = (username: string, as = "admin") =>
    errorOf(daemon, `/v1/containers/${username}/install-stack`, {
      ...post({ stackId: "nodejs" }),
      as: { username: as },
    });
  assertStringIncludes(await install("bob"), "container is not running (state: Stopped)");
  assertStringIncludes(await install("carol"), "failed to install stack: container not found");
  assertStringIncludes(await install("win"), "not supported on Windows VMs");
  assertStringIncludes(await install("bob", "carol"), "not authorized for this tenant");
});

Deno.test("A recipe makes a container and holds the request for it, asynchronous or not", async () => {
  await using daemon = await startDaemon({ recipes: [{ id: "web", postStart: ["true"] }] });
  const creating = daemon.holdPhase("sync-create", "alice");
  const deployed = statusAndText(
    daemon,
    "/v1/recipes/web/deploy",
    post({ name: "alice", async: true, labels: { team: "dev" }, resourceOverrides: { cpu: "1" } }),
  );
  await creating.reached;
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
  assertEquals(daemon.inFlight, 1);
  const script = daemon.holdPhase("post-start", "alice");
  creating.release();
  const { status, text } = await deployed;
  assertEquals(status, 200, text);
  const { container, url, message } = JSON.parse(text);
  assertEquals([url, container.resources.cpu, container.labels.team], ["", "1", "dev"]);
  assertEquals(
    message,
    'Recipe "web" deploying as alice-container (post_start running in background)',
  );
  await script.reached;
});

Deno.test("A recipe is refused before anything is made", async () => {
  await using daemon = await startDaemon({
    recipes: [{ id: "web", parameters: [{ name: "image", required: true }] }],
  });
  const deploy = (id: string, body: object) =>
    errorOf(daemon, `/v1/recipes/${id}/deploy`, post({ name: "alice", ...body }));
  assertStringIncludes(await deploy("nope", {}), "NotFound desc = recipe not found: nope");
  assertStringIncludes(await deploy("web", {}), 'recipe "web" requires parameter "image"');
  assertStringIncludes(await deploy("ollama", {}), 'recipe "ollama" requires a GPU');
  assertStringIncludes(
    await deploy("ollama", { gpu: "0" }),
    "failed to provision container: failed to create container: GPU passthrough setup failed",
  );
  const parameters = { image: "nginx" };
  assertStringIncludes(await deploy("web", { parameters, pool: "p" }), "Unimplemented");
  assertStringIncludes(await deploy("web", { parameters, backendId: "b" }), "Unimplemented");
  assertEquals(daemon.state("alice"), undefined);
});

Deno.test("Creations of some users fail or are slow, while those of others go well", async () => {
  await using daemon = await startDaemon({
    creates: {
      bad: { kind: "fails", phase: "creating" },
      late: { kind: "fails", reason: "no space left on device" },
      slow: { kind: "slow", ms: 60_000 },
    },
  });
  for (const username of ["bad", "good", "late", "slow"]) {
    assertEquals((await create(daemon, { username, async: true })).status, 200);
  }
  await daemon.when("bad", "CONTAINER_STATE_ERROR");
  await daemon.when("late", "CONTAINER_STATE_ERROR");
  await daemon.when("good", "CONTAINER_STATE_RUNNING");
  assertEquals(daemon.state("slow"), "CONTAINER_STATE_CREATING");
  const { status, text } = await create(daemon, { username: "late" });
  assertEquals(status, 500);
  assertStringIncludes(text, "no space left on device");
});
