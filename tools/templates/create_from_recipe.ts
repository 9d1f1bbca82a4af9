import { containerName, unseenContainer, visible } from "../../client/internal.ts";
import { z } from "zod";
import type { ContainerState, DeployResult } from "../../client/mod.ts";
import { deploy } from "../creation/planned_creation.ts";
import { cpu, disk, labels, memory, waitSeconds } from "../fields.ts";
import { formatFacts } from "../text/format.ts";
import { distinctWarnings, limitWarnings, warnings } from "../host/limits.ts";
import { container, containerAnswer, newUsername, renderContainer, shown } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { inheritanceWarning, keptBefore } from "../leftovers/inherited.ts";
import { mapOf } from "../schema/map_of.ts";

// Checked by the shared schemas, and described in words only: patterns and limits cost tokens.
const input = z.strictObject({
  recipe: z.string().describe("From list_templates"),
  username: z.string().pipe(newUsername).describe("Owner"),
  parameters: mapOf(z.string(), z.string()).optional().describe(
    'Parameters of the recipe: {"model":"llama3"}',
  ),
  cpu: cpu.optional().describe("CPU limit; default: the recipe's"),
  memory: memory.optional().describe("Memory limit"),
  disk: disk.optional().describe("Disk limit"),
  gpu: z.string().optional().describe("GPU: index or PCI address"),
  labels: mapOf(z.string(), z.string()).pipe(labels).optional().describe("Labels"),
  wait_seconds: waitSeconds.describe("How long to wait; it continues after that"),
});

/** Creates a container from one of the daemon's recipes; `POST /v1/recipes/{id}/deploy`. */
export const createFromRecipe = defineTool({
  name: "create_from_recipe",
  title: "Create from recipe",
  description: "Deploy an application (app) from one of the daemon's recipes in a new container " +
    "for a user. Takes minutes; call again with the same arguments to keep waiting.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input,
  output: z.strictObject({
    created: z.boolean().describe("False: still being created; call again to keep waiting"),
    recipe: z.string().describe("The recipe"),
    container: container.optional().describe("Absent: not visible yet"),
    message: z.string().optional().describe("The daemon's message"),
    url: z.string().optional().describe("Its public address"),
    ports: z.array(z.number()).describe("Ports that the application listens on"),
    next: z.string().describe("What is in progress, and what to call next"),
    warnings,
  }),

  run: async ({ recipe, username, wait_seconds: waitSeconds, ...args }, context) => {
    const { client, quotas, signal, progress } = context;
    const spec = { username, ...args };
    const prepared = await client.recipes.prepare(recipe, spec, { signal });
    const demand = {
      kind: "create" as const,
      username,
      labels: args.labels ?? {},
      ...prepared.limits,
    };
    // A pending deployment has its reservation.
    const demands = prepared.isPending ? [] : [demand];
    const { quotas: rules } = await context.policy();
    using reservation = await quotas.take(client, rules, demands, { signal });
    const kept = prepared.isPending ? undefined : await keptBefore(username, context);
    const result = await deploy(username, prepared, reservation, {
      waitMs: waitSeconds * 1_000,
      signal,
      onState: (state) => progress(...stepOf(username, state)),
    });
    const { container = unseenContainer(username) } = result;
    const inherited = kept === undefined ? [] : await inheritanceWarning(container, kept, context);
    const host = await client.backends.hostOf(undefined, { signal });
    return {
      ...answerOf(result),
      next: nextOf(username, result),
      warnings: distinctWarnings([...limitWarnings(container, host), ...inherited]),
    };
  },

  render: ({ created, container, message, url, ports, next, warnings = [] }) =>
    [
      created ? message ?? createdLine(container?.username) : "Not ready yet.",
      container === undefined ? "" : renderContainer(container),
      formatFacts({ url, ports: ports.join(" ") }),
      ...warnings,
      next,
    ].filter((part) => part !== "").join("\n"),
});

function createdLine(username: string | undefined): string {
  return username === undefined ? "Created the container." : `Created ${containerName(username)}.`;
}

/** While the daemon sets a container up, it reports it as stopped. */
function stepOf(
  username: string,
  state: ContainerState | undefined,
): readonly [number, number, string] {
  const name = containerName(username);
  switch (state) {
    case undefined:
      return [1, 4, `${name}: requested from the host`];
    case "running":
      return [3, 4, `${name}: running, being set up`];
    default:
      return [2, 4, `${name}: being created`];
  }
}

function answerOf(result: DeployResult) {
  const { done, recipe, container } = result;
  return {
    created: done,
    recipe: visible(recipe.id),
    container: container === undefined ? undefined : containerAnswer(container),
    message: done ? visible(result.message) : undefined,
    url: done ? shown(result.url) : undefined,
    ports: [...recipe.ports],
  };
}

function nextOf(username: string, result: DeployResult): string {
  if (!result.done) {
    return "It is being created, even if this client disconnects. Next: create_from_recipe with " +
      "the same arguments, which keeps waiting and reports the result";
  }
  if (!result.isSettingUp) return "It is ready.";
  const usesPodman = result.recipe.postStart.some((line) => line.includes("podman"));
  return "The recipe's own commands run in it now, often for minutes; the daemon reports neither " +
    "when they finish nor whether they fail. Next: check with run_command(" +
    `username="${username}", command="${usesPodman ? "podman ps -a" : "ps aux"}", as_root=true)`;
}
