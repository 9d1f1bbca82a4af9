import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const web = { id: "web", resources: { cpu: "2", memory: "1GB", disk: "10GB" } };

Deno.test("recipes.get() reads a recipe, and reports a missing one", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const { name, requiresGpu, limits, ports, postStart } = await client.recipes.get("ollama");
  assertEquals([name, requiresGpu, ports], ["Ollama", true, [11434]]);
  assertEquals(limits, { cpu: "8", memory: "16GB", disk: "200GB" });
  assertEquals(postStart.length, 3);
  const error = await assertRejects(() => client.recipes.get("nope"), ContainariumError);
  assertEquals(error.code, "not_found");
});

Deno.test("recipes.get() refuses an id that would reach another path, and sends nothing", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  for (const id of ["", "..", "a/b", "a%2Fb", "a?b", "a b", ".hidden"]) {
    const error = await assertRejects(() => client.recipes.get(id), ContainariumError);
    assertEquals(error.code, "invalid_argument", id);
  }
  assertEquals(daemon.requests, []);
});

Deno.test("recipes.prepare() returns the limits, and its deployment resolves once the daemon has answered", async () => {
  await using daemon = await startDaemon({ recipes: [web, { id: "bare" }] });
  using client = await clientOf(daemon);
  const creating = daemon.holdPhase("sync-create", "alice");
  const spec = { username: "alice", cpu: "1" };
  const prepared = await client.recipes.prepare("web", spec);
  assertEquals(prepared.limits, { cpu: "1", memory: "1GB", disk: "10GB" });
  assertEquals([prepared.isPending, daemon.count("POST")], [false, 0], "nothing is sent before");
  const deployment = prepared.begin();
  let isAnswered = false;
  const answered = deployment.answered().then(() => isAnswered = true);
  const early = await deployment.wait({ waitMs: 0 });
  await creating.reached;
  assertEquals([early.done, deployment.isJoined, isAnswered], [false, false, false]);
  const again = await client.recipes.prepare("web", spec);
  assertEquals([again.isPending, again.begin().isJoined], [true, true]);
  creating.release();
  await answered;
  assert((await deployment.wait()).done);
  assertEquals(daemon.count("POST"), 1);
  const bare = await client.recipes.prepare("bare", { username: "bob" });
  assertEquals(bare.limits, { cpu: "4", memory: "4GB", disk: "50GB" }, "the daemon's own");
});

Deno.test("recipes.prepare() twice starts one deployment, and the second call joins it", async () => {
  await using daemon = await startDaemon({ recipes: [web] });
  using client = await clientOf(daemon);
  const prepare = () => client.recipes.prepare("web", { username: "alice" });
  const deployments = (await Promise.all([prepare(), prepare()])).map((one) => one.begin());
  assertEquals(deployments.map(({ isJoined }) => isJoined), [false, true]);
  const results = await Promise.all(deployments.map((one) => one.wait()));
  assertEquals(results.map(({ done }) => done), [true, true]);
  assertEquals(daemon.count("POST"), 1);
});
