import { agentUsername, createDefaults, deployLimits } from "../../client/internal.ts";
import type { Demand } from "../admission/demand.ts";
import type { ToolContext } from "../tool.ts";

/** Returns what quotas count of a run: a container for each agent that has none yet. */
export async function demandsFor(
  ids: readonly string[],
  { client, signal }: ToolContext,
): Promise<readonly Demand[]> {
  const demands: Demand[] = [];
  for (const id of new Set(ids)) {
    const username = agentUsername(id);
    if (await client.containers.find(username, { signal }) !== undefined) continue;
    const { recipeId } = await client.agents.get(id, { signal });
    const recipes = await client.recipes.list({ signal });
    const recipe = recipes.find((recipe) => recipe.id === recipeId);
    const { cpu, memory, disk } = recipe === undefined ? createDefaults : deployLimits(recipe, {});
    demands.push({ kind: "create", username, labels: {}, cpu, memory, disk });
  }
  return demands;
}
