import { ContainariumError } from "../errors.ts";
import { didYouMean, nearest } from "../text/nearest.ts";
import type { DeploySpec } from "./deploy_options.ts";
import type { Recipe } from "./recipe.ts";
import { own } from "../wire.ts";

/**
 * Finds a recipe by id.
 *
 * @throws {ContainariumError} `invalid_argument` when there is none, with the closest id in
 * `details.meant`
 */
export function chooseRecipe(id: string, recipes: readonly Recipe[]): Recipe {
  const found = recipes.find((recipe) => recipe.id === id);
  if (found !== undefined) return found;
  const ids = recipes.map((recipe) => recipe.id);
  throw new ContainariumError(
    "invalid_argument",
    `There is no recipe "${id}"; ${didYouMean(id, ids)}`,
    { details: { meant: nearest(id, ids) } },
  );
}

/**
 * Checks, before anything is sent, that the recipe gets the parameters that it needs and no others:
 * the daemon ignores unknown ones.
 *
 * @throws {ContainariumError} `invalid_argument`, listing every problem
 */
export function refuseIncomplete(recipe: Recipe, options: DeploySpec): void {
  const faults = [...unknownOf(recipe, options), ...lackingOf(recipe, options)];
  if (faults.length === 0) return;
  throw new ContainariumError(
    "invalid_argument",
    `Recipe ${recipe.id}: ${faults.join("; ")}. Nothing was sent`,
  );
}

function unknownOf(recipe: Recipe, { parameters = {} }: DeploySpec): readonly string[] {
  const names = recipe.parameters.map(({ name }) => name);
  return Object.keys(parameters).filter((name) => !names.includes(name))
    .map((name) => `no parameter "${name}" (${didYouMean(name, names)})`);
}

/** The daemon treats an empty value as absent. */
function lackingOf(recipe: Recipe, { parameters = {}, gpu }: DeploySpec): readonly string[] {
  const lacking = recipe.parameters.filter(({ name, required, default: byDefault }) =>
    required && (own(parameters, name) ?? "") === "" && byDefault === undefined
  );
  return [
    ...lacking.map(({ name, description }) =>
      `needs parameter "${name}"${description === undefined ? "" : ` (${description})`}`
    ),
    ...(recipe.requiresGpu && (gpu ?? "") === "" ? ["needs a GPU: pass it as gpu"] : []),
  ];
}
