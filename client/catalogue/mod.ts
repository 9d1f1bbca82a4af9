export type { Admission, DeployOptions, DeployResult } from "./deploy.ts";
export { type OsType, osTypes } from "./os_types.ts";
export type { CatalogueParameter } from "./parameters.ts";
export type { Recipe } from "./recipe.ts";
export { Recipes } from "./recipes.ts";
export { type InstallOptions, type InstallResult, type Stack, Stacks } from "./stacks.ts";
