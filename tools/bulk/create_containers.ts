import { z } from "zod";
import { present } from "../../client/mod.ts";
import { demandsOf } from "../containers/carry_out.ts";
import type { Creation } from "../containers/creation.ts";
import type { Demand } from "../quotas/guard.ts";
import { defineTool } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./answer.ts";
import { carryOut } from "./carry_out.ts";
import { creationStep, presentStep } from "./creation_step.ts";
import { options } from "./options.ts";
import { resolveAll, specs } from "./specs.ts";
import { type Planned, refuseTwoPlaces, spreadOut } from "./spread.ts";

/** Creates several containers; `POST /v1/containers` for each. */
export const createContainers = defineTool({
  name: "create_containers",
  title: "Create containers",
  description: "Create several containers, all alike or each with its own limits. Sizes and " +
    "labels are as in create_container.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    ...specs,
    spread: z.boolean().default(false).describe("Over hosts"),
    ...options,
  }),
  output: bulkAnswer,

  run: async (
    { dry_run: dryRun, wait_seconds: waitSeconds, spread, ...wanted },
    context,
  ) => {
    refuseTwoPlaces({ ...wanted, spread });
    const { client, policy, quotas, signal } = context;
    const creations = resolveAll(wanted, await policy());
    const listed = await client.containers.list({ signal });
    const there = new Map(listed.map((container) => [container.username, container]));
    const missing = creations.filter(({ username }) => !there.has(username));
    const demands = await demandsOf(missing, client, { signal });
    using room = await quotas.take(client, demands, { signal });
    const plans = missing.map((creation, at) => planOf(creation, demands[at]));
    const placed = spread ? await spreadOut(plans, context) : plans;
    const byName = new Map(placed.map((plan) => [plan.creation.username, plan]));
    const steps = creations.flatMap(({ username }) => {
      const [container, plan] = [there.get(username), byName.get(username)];
      if (container !== undefined) return [presentStep(container)];
      return plan === undefined ? [] : [creationStep(plan, room, context)];
    });
    return await carryOut(steps, { tool: "create_containers", dryRun, waitSeconds }, context);
  },

  render: renderBulk,
  failed: nothingWorked,
});

function planOf(creation: Creation, demand: Demand | undefined): Planned {
  const { cpu, memory, disk } = demand ?? {};
  const { make } = creation;
  const backend = make.kind === "container" ? make.options.backend : undefined;
  return { creation, limits: present({ cpu, memory, disk }), ...present({ backend }) };
}
