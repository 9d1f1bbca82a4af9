import { describeTool, type ToolDescription } from "./describe.ts";
import type { Tool } from "./tool.ts";

/** A tool before its first call: what selects and lists it, and a way to load it. */
export interface ToolEntry extends
  Pick<
    Tool,
    | "name"
    | "effect"
    | "worksReadOnly"
    | "scopes"
    | "role"
    | "insteadOfRole"
    | "view"
    | "listedWith"
  > {
  /** Name of its toolset. */
  readonly toolset: string;
  /** Whether its toolset is off unless the user chooses it. */
  readonly isOptIn: boolean;
  /** What listing it costs, in tokens of o200k_base. Absent where it is not counted: outside the bundle. */
  readonly tokens?: number | undefined;
  /** The tool as `tools/list` returns it. */
  readonly description: ToolDescription;
  /** Loads the tool. */
  load(): Promise<Tool>;
}

/** Returns the entry of a tool that is loaded. Its description is made on first use. */
export function entryOf(
  tool: Tool,
  toolset: string,
  { isOptIn = false }: Partial<Pick<ToolEntry, "isOptIn">> = {},
): ToolEntry {
  const { name, effect, worksReadOnly, scopes, role, insteadOfRole, view, listedWith } = tool;
  let description: ToolDescription | undefined;
  return {
    name,
    toolset,
    isOptIn,
    effect,
    worksReadOnly,
    scopes,
    role,
    insteadOfRole,
    view,
    listedWith,
    get description() {
      return description ??= describeTool(tool);
    },
    load: () => Promise.resolve(tool),
  };
}
