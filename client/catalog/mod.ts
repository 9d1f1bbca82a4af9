export {
  deployLimits,
  type Deployment,
  type DeployResult,
  type PreparedDeployment,
} from "./deploy.ts";
export type { DeployOptions, DeploySpec, DeployWaitOptions } from "./deploy_options.ts";
export { chooseRecipe } from "./deploy_checks.ts";
export type { CatalogParameter, Recipe } from "./recipe.ts";
export { Recipes } from "./recipes.ts";
export { refuseUnknownStack } from "./stack_checks.ts";
export { type InstallOptions, type InstallResult, type Stack, Stacks } from "./stacks.ts";
