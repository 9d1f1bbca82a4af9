export { deployLimits, type DeployResult } from "./deploy.ts";
export type { Admission, DeployOptions } from "./deploy_options.ts";
export { chooseRecipe } from "./deploy_checks.ts";
export type { CatalogueParameter, Recipe } from "./recipe.ts";
export { Recipes } from "./recipes.ts";
export { type InstallOptions, type InstallResult, type Stack, Stacks } from "./stacks.ts";
