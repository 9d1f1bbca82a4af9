/**
 * What containers can be created from: templates, recipes, stacks, operating systems.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { createFromRecipe } from "./create_from_recipe.ts";
import { installStack } from "./install_stack.ts";
import { listTemplates } from "./list_templates.ts";

/** The toolset `templates`, in the order in which it is listed. */
export const templateTools: readonly Tool[] = [listTemplates, createFromRecipe, installStack];
