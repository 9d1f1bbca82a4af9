/**
 * Everything a model can do.
 *
 * @module
 */
export { describeTool, type JsonSchema, type ToolDescription } from "./describe.ts";
export { explain, oneLine } from "./advice/explain.ts";
export { mapValues } from "./schema/map_of.ts";
export { keepPolicy, type PolicySource, type PolicyText, withoutPolicy } from "./policy/mod.ts";
export { QuotaGuard } from "./admission/guard.ts";
export { spellings } from "./schema/spellings.ts";
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
export { adviseArgument, adviseTool, bareToolName, type OtherTool } from "./advice/vendor_words.ts";
export { visible, visibleOnce } from "./text/visible.ts";
export { isFreeText } from "./text/free_text.ts";
