/**
 * Everything a model can do.
 *
 * @module
 */
export { describeTool, type JsonSchema, type ToolDescription } from "./describe.ts";
export { explain, oneLine } from "./explain.ts";
export { mapValues } from "./map_of.ts";
export { keepPolicy, type PolicySource, type PolicyText, withoutPolicy } from "./policy/mod.ts";
export { QuotaGuard } from "./quotas/guard.ts";
export { spellings } from "./spellings.ts";
export type {
  ConsentQuestion,
  ConsentRequest,
  Conversation,
  Effect,
  Tool,
  ToolContext,
} from "./tool.ts";
export {
  type ActiveTools,
  activeTools,
  registry,
  toolNames,
  type ToolSelection,
  toolsetNames,
} from "./toolsets.ts";
export { adviseArgument, adviseTool, bareToolName, type OtherTool } from "./vendor_words.ts";
export { visible, visibleOnce } from "./visible.ts";
export { isFreeText } from "./free_text.ts";
