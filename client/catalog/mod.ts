export { type Admission, deployLimits, type DeployOptions, type DeployResult } from "./deploy.ts";
export { chooseRecipe } from "./deploy_checks.ts";
export { type OsType, osTypes } from "./os_types.ts";
export type { CatalogueParameter } from "./parameters.ts";
export type { Recipe } from "./recipe.ts";
export { Recipes } from "./recipes.ts";
export { type InstallOptions, type InstallResult, type Stack, Stacks } from "./stacks.ts";
