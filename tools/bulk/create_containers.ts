import { z } from "zod";
import { demandsOf } from "../containers/carry_out.ts";
import { defineTool } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./answer.ts";
import { carryOut } from "./carry_out.ts";
import { creationStep, presentStep } from "./creation_step.ts";
import { options } from "./options.ts";
import { resolveAll, specs } from "./specs.ts";
import { spreadOut } from "./spread.ts";

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
    spread: z.boolean().default(false).describe("Over the hosts, by what they have left"),
    ...options,
  }),
  output: bulkAnswer,

  run: async ({ dry_run: dryRun, wait_seconds: waitSeconds, spread, ...wanted }, context) => {
    const { client, policy, quotas, signal } = context;
    const creations = resolveAll(wanted, await policy());
    const listed = await client.containers.list({ signal });
    const there = new Map(listed.map((container) => [container.username, container]));
    const missing = creations.filter(({ username }) => !there.has(username));
    const demands = await demandsOf(missing, client, { signal });
    using room = await quotas.take(client, demands, { signal });
    const paired = missing.flatMap((creation, at) => {
      const demand = demands[at];
      return demand === undefined ? [] : [{ creation, demand }];
    });
    const placed = spread ? await spreadOut(paired, client, { signal }) : paired;
    const planned = new Map(placed.map((one) => [one.creation.username, one]));
    const steps = creations.flatMap(({ username }) => {
      const container = there.get(username);
      const one = planned.get(username);
      if (container !== undefined) return [presentStep(container)];
      return one === undefined ? [] : [creationStep(one, room, context)];
    });
    return await carryOut(steps, { tool: "create_containers", dryRun, waitSeconds }, context);
  },

  render: renderBulk,
  failed: nothingWorked,
});
