import type { ToolContext } from "./tool.ts";

/**
 * Returns all possible values, for completion, regardless of what the user has typed so far. The server filters
 * and limits them.
 *
 * @param known Values of the other variables or arguments so far
 */
export type Candidates = (
  context: ToolContext,
  known: Readonly<Record<string, string>>,
) => Promise<readonly string[]>;
