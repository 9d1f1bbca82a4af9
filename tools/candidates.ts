import type { ToolContext } from "./tool.ts";

/**
 * Returns what a value can be, for completion: all that there is, whatever the user has typed so far. The
 * server picks what fits, and bounds it.
 *
 * @param known What is chosen for the other variables or arguments so far
 */
export type Candidates = (
  context: ToolContext,
  known: Readonly<Record<string, string>>,
) => Promise<readonly string[]>;
