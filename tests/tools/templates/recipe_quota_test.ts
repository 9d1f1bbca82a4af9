import { assertEquals, assertStringIncludes } from "@std/assert";
import { createFromRecipe } from "../../../tools/templates/create_from_recipe.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const policy = { quotas: { teams: { dev: { cpu: 5 } } } };
const asked = { recipe: "web", username: "alice", labels: { team: "dev" } };

Deno.test("create_from_recipe counts the recipe's limits against the quotas", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "bob", resources: { cpu: "2" }, labels: { team: "dev" } }],
    recipes: [{ id: "web", resources: { cpu: "4", memory: "1GB", disk: "10GB" } }],
  });
  await using held = await connectWithPolicy(daemon, policy);
  const deploy = (args: object) => held.session.call("create_from_recipe", { ...asked, ...args });

  const tooMuch = await deploy({});
  assertEquals(tooMuch.isError, true);
  assertStringIncludes(tooMuch.text, "team dev: cpu 2 of 5, needs 4 more");
  assertStringIncludes(tooMuch.text, "get_quotas shows");
  assertEquals(daemon.count("POST"), 0);

  const creating = daemon.holdPhase("sync-create", "alice");
  const early = await deploy({ cpu: "3", wait_seconds: 0 });
  await creating.reached;
  assertEquals(early.isError, false, early.text);
  const full = "team dev: cpu 5 of 5, needs 1 more";
  const meanwhile = await deploy({ username: "carol", cpu: "1" });
  assertStringIncludes(meanwhile.text, full);
  creating.release();

  const { structuredContent, text } = await deploy({ cpu: "3" });
  assertEquals(createFromRecipe.output.parse(structuredContent).created, true, text);
  assertStringIncludes((await deploy({ username: "carol", cpu: "1" })).text, full);
});
