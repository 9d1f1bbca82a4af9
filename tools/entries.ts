/**
 * Every tool, resource and prompt, in the order in which it is listed. The bundle replaces this file
 * with data, and loads the tools at the first call, the resources and the prompts at the first read: building
 * their schemas takes longer than the rest of the start.
 *
 * @module
 */
import { allResources } from "./all_resources.ts";
import { entryOf, type ToolEntry } from "./entry.ts";
import { type PromptEntry, promptEntryOf } from "./prompt_entry.ts";
import { prompts } from "./prompts/mod.ts";
import { type ResourceEntry, resourceEntryOf } from "./resource_entry.ts";
import { defaultToolsets, optInToolsets } from "./toolsets.ts";
import type { Tool } from "./tool.ts";

/** Every tool, in the order in which it is listed. */
export const entries: readonly ToolEntry[] = [
  ...entriesOf(defaultToolsets, false),
  ...entriesOf(optInToolsets, true),
];

/** Every resource and template, in the order in which it is listed. */
export const resourceEntries: readonly ResourceEntry[] = allResources.map(resourceEntryOf);

/** Every prompt, in the order in which it is listed. */
export const promptEntries: readonly PromptEntry[] = prompts.map(promptEntryOf);

function entriesOf(
  toolsets: Readonly<Record<string, readonly Tool[]>>,
  isOptIn: boolean,
): readonly ToolEntry[] {
  return Object.entries(toolsets).flatMap(([toolset, tools]) =>
    tools.map((tool) => entryOf(tool, toolset, { isOptIn }))
  );
}
