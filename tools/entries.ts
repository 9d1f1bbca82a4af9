/**
 * Every tool, in the order in which it is listed. The bundle has data in place of this file, and loads the
 * tools when one is first called: to build their schemas takes longer than all else at the start.
 *
 * @module
 */
import { entryOf, type ToolEntry } from "./entry.ts";
import { toolsets } from "./toolsets.ts";

/** Every tool, in the order in which it is listed. */
export const entries: readonly ToolEntry[] = Object.entries(toolsets)
  .flatMap(([toolset, tools]) => tools.map((tool) => entryOf(tool, toolset)));
