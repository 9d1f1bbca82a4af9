/**
 * Everything a model can do.
 *
 * @module
 */
import { containerTools } from "./containers/mod.ts";
import type { Tool } from "./tool.ts";

export { describeTool, type JsonSchema, type ToolDescription } from "./describe.ts";
export type { ConsentQuestion, Effect, Tool, ToolContext } from "./tool.ts";

/** Every tool, in the order in which it is listed. */
export const registry: readonly Tool[] = [...containerTools];
