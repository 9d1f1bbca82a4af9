import { z } from "zod";
import { present } from "../../client/mod.ts";
import { demandsOf, hostFor } from "../creation/create.ts";
import type { Creation } from "../creation/resolve.ts";
import { loginStep } from "../creation/login.ts";
import { formatNames } from "../text/format.ts";
import { limitWarnings, warningsField } from "../host/limits.ts";
import type { Demand } from "../admission/demand.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./answer.ts";
import { carryOut } from "./execute.ts";
import { creationStep, presentStep } from "./creation_step.ts";
import { options } from "./options.ts";
import { resolveAll, specs } from "./specs.ts";
import { type Planned, refuseTwoPlaces, spreadOut } from "./placement.ts";

/** Creates several containers; `POST /v1/containers` for each. */
export const createContainers = defineTool({
  name: "create_containers",
  title: "Create containers",
  description: "Create several containers at once, e.g. for a class, all alike or each with its " +
    "own limits. Sizes and labels are as in create_container.",
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
    const warnings = await warningsFor(placed, context);
    const answer = await carryOut(
      steps,
      { tool: "create_containers", dryRun, waitSeconds },
      context,
    );
    return { ...answer, ...warningsField(warnings) };
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

async function warningsFor(
  plans: readonly Planned[],
  { client, signal }: ToolContext,
): Promise<readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { creation, limits } of plans) {
    const host = await hostFor(creation, client, { signal });
    const isLockedOut = loginStep(creation) !== undefined;
    const warnings = [...limitWarnings(limits, host), ...(isLockedOut ? [noKey] : [])];
    for (const warning of warnings) {
      found.set(warning, [...found.get(warning) ?? [], creation.username]);
    }
  }
  return [...found].map(([warning, usernames]) =>
    usernames.length === plans.length ? warning : `${formatNames(usernames)}: ${warning}`
  );
}

const noKey = "No SSH key was given, so nobody can log in yet: see add_ssh_key.";
