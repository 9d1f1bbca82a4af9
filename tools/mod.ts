/**
 * Everything a model can do.
 *
 * @module
 */
export {
  type ActiveTools,
  activeTools,
  selectsToolset,
  toolNames,
  toolNamesOn,
  type ToolSelection,
  toolsetNames,
  toolsetWords,
} from "./active_tools.ts";
export {
  type Active,
  type ActivePrompts,
  activePrompts,
  type ActiveResources,
  activeResources,
} from "./active_resources.ts";
export type { Candidates } from "./candidates.ts";
export { describeTool, type JsonSchema, type ToolDescription } from "./describe.ts";
export { entries } from "./entries.ts";
export type { ToolEntry } from "./entry.ts";
export { listedWith } from "./listing.ts";
export type { Prompt, PromptMessage } from "./prompt.ts";
export type { PromptDescription, PromptEntry } from "./prompt_entry.ts";
export type { Resource, ResourceText, UriValues } from "./resource.ts";
export type { ResourceDescription, ResourceEntry } from "./resource_entry.ts";
export { SharedReads } from "./shared_reads.ts";
export { certificateCommand } from "./advice/certificate_advice.ts";
export { howToGrant } from "./advice/grants.ts";
export { explain } from "./advice/explain.ts";
export { mapValues } from "./schema/map_of.ts";
export {
  expectedGrace,
  isGrace,
  keepPolicy,
  partsOf,
  type PolicyPart,
  type PolicySource,
  type PolicyText,
  withGrace,
  withoutPolicy,
} from "./policy/mod.ts";
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
export { fenceMarks } from "./text/fence.ts";
export { isFreeText } from "./text/free_text.ts";
