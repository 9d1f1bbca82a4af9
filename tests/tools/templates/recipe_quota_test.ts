import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { parsePolicy } from "../../../tools/policy/mod.ts";
import { QuotaGuard } from "../../../tools/mod.ts";
import { createFromRecipe } from "../../../tools/templates/create_from_recipe.ts";
import { clientOf } from "../../client/connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { contextOf } from "../context.ts";

Deno.test("a recipe counts against the quotas with the limits that it asks for", async () => {
  const small = { cpu: "2", memory: "1GB", disk: "10GB" };
  await using daemon = await startDaemon({
    containers: [{ username: "bob", resources: small, labels: { team: "dev" } }],
    recipes: [{ id: "web", resources: { cpu: "4", memory: "1GB", disk: "10GB" } }],
  });
  using client = await clientOf(daemon);
  const policy = await parsePolicy('{"quotas": {"teams": {"dev": {"cpu": 5}}}}');
  const source = () => Promise.resolve(policy);
  const context = { ...contextOf(client), policy: source, quotas: new QuotaGuard(source) };
  const deploy = (args: object) =>
    createFromRecipe.run(
      createFromRecipe.input.parse({
        recipe: "web",
        username: "alice",
        labels: { team: "dev" },
        ...args,
      }),
      context,
    );
  const expected = "team dev: cpu 2 of 5, asked 4";
  await assertRejects(() => deploy({}), ContainariumError, expected);
  assertEquals(daemon.count("POST"), 0);
  assertEquals((await deploy({ cpu: "3" })).created, true);
  await assertRejects(
    () => deploy({ username: "carol", cpu: "1" }),
    ContainariumError,
    "team dev: cpu 5 of 5, asked 1",
  );
});
