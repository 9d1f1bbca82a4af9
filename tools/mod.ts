/**
 * Everything a model can do.
 *
 * @module
 */
export {
  type ActiveTools,
  activeTools,
  toolNames,
  type ToolSelection,
  toolsetNames,
} from "./active_tools.ts";
export { describeTool, type JsonSchema, type ToolDescription } from "./describe.ts";
export { entries } from "./entries.ts";
export type { ToolEntry } from "./entry.ts";
export { howToGrant } from "./advice/grants.ts";
export { explain, oneLine } from "./advice/explain.ts";
export { mapValues } from "./schema/map_of.ts";
export { keepPolicy, type PolicySource, type PolicyText, withoutPolicy } from "./policy/mod.ts";
export { once } from "./once.ts";
export { QuotaGuard } from "./admission/guard.ts";
export { newUsernames } from "./schema/new_usernames.ts";
export { quantities } from "./schema/quantity_notes.ts";
export { spellings } from "./schema/spellings.ts";
export type {
  ConsentQuestion,
  ConsentRequest,
  Conversation,
  Effect,
  Tool,
  ToolContext,
} from "./tool.ts";
export { adviseArgument, adviseTool, bareToolName, type OtherTool } from "./advice/vendor_words.ts";
export { visible, visibleOnce } from "./text/visible.ts";
export { isFreeText } from "./text/free_text.ts";
