import { z } from "zod";
import type { CallOptions, ContainariumClient, Container } from "../../client/mod.ts";
import { catalogFor, hostFor, planCreation } from "../creation/planned_creation.ts";
import { together } from "../../client/internal.ts";
import type { Creation } from "../creation/resolve.ts";
import { loginStep } from "../creation/login.ts";
import { formatNames } from "../text/format.ts";
import { distinctWarnings, limitWarnings } from "../host/limits.ts";
import { inheritanceWarnings } from "../leftovers/inherited.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { bulkAnswer, nothingWorked, renderBulk } from "./bulk_answer.ts";
import { execute, options } from "./execute.ts";
import { creationStep, presentStep } from "./creation_step.ts";
import { resolveAll, specs } from "./specs.ts";
import { type Entry, isPlanned, type Planned, refuseTwoPlaces, spreadOut } from "./placement.ts";

/** Creates several containers; `POST /v1/containers` for each. */
export const createContainers = defineTool({
  name: "create_containers",
  title: "Create containers",
  description: "Create several containers at once, e.g. for a class, all alike or each with its " +
    "own limits. Settings are as in create_container.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    ...specs,
    spread: z.boolean().default(false).describe("Spread over hosts"),
    ...options,
  }),
  output: bulkAnswer,

  run: async (
    { dry_run: dryRun, wait_seconds: waitSeconds, spread, ...wanted },
    context,
  ) => {
    refuseTwoPlaces({ ...wanted, spread });
    const { client, quotas, signal } = context;
    const policy = await context.policy();
    const creations = resolveAll(wanted, policy);
    const taken = await quotas.inTurn(client, policy.quotas, { signal }, async (turn) => {
      const listed = await turn.listed();
      const entries = await planAll(creations, listed, client, { signal });
      const demands = entries.filter(isPlanned).map(({ demand }) => demand);
      return { listed, entries, reservation: await turn.take(demands) };
    });
    using reservation = taken.reservation;
    const entries = spread ? await spreadOut(taken.entries, taken.listed, context) : taken.entries;
    const planned = entries.filter(isPlanned);
    const usernames = planned.map(({ creation }) => creation.username);
    const [warnings, inherited] = await together([
      warningsFor(planned, context),
      inheritanceWarnings(usernames, context),
    ]);
    const answer = await execute(
      entries.map((entry) =>
        entry.kind === "present"
          ? presentStep(entry.container)
          : creationStep(entry, reservation, context)
      ),
      { tool: "create_containers", dryRun, waitSeconds },
      context,
    );
    return { ...answer, warnings: distinctWarnings([...warnings, ...inherited]) };
  },

  render: renderBulk,
  failed: nothingWorked,
});

/** Plans each user's creation; users who have a container get none. */
async function planAll(
  creations: readonly Creation[],
  listed: readonly Container[],
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly Entry[]> {
  const there = new Map(listed.map((container) => [container.username, container]));
  const missing = creations.filter(({ username }) => !there.has(username));
  const catalog = await catalogFor(missing, client, options);
  return creations.map((creation) => {
    const container = there.get(creation.username);
    if (container !== undefined) return { kind: "present", container };
    const { make } = creation;
    const backend = make.kind === "container" ? make.options.backend : undefined;
    return { kind: "planned", ...planCreation(creation, catalog), backend };
  });
}

async function warningsFor(
  plans: readonly Planned[],
  { client, signal }: ToolContext,
): Promise<readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { creation, demand } of plans) {
    const host = await hostFor(creation, client, { signal });
    const isLockedOut = loginStep(creation) !== undefined;
    const warnings = [...limitWarnings(demand, host), ...(isLockedOut ? [noKey] : [])];
    for (const warning of warnings) {
      found.set(warning, [...found.get(warning) ?? [], creation.username]);
    }
  }
  return [...found].map(([warning, usernames]) =>
    usernames.length === plans.length ? warning : `${formatNames(usernames)}: ${warning}`
  );
}

const noKey = "No SSH key was given, so nobody can log in yet: see add_ssh_key.";
