import type { Effect, JsonSchema, ToolEntry } from "../../tools/mod.ts";

/** A tool, for a user. */
export interface ToolRow {
  /** Its name. */
  readonly name: string;
  /** Its toolset. */
  readonly toolset: string;
  /** How far a call reaches. */
  readonly effect: Effect;
  /** Scopes that a token with scopes needs. */
  readonly scopes: readonly string[];
  /** Role that it needs. */
  readonly role?: string | undefined;
  /** Scope that stands in for the role. */
  readonly insteadOfRole?: string | undefined;
  /** What listing it costs a model. Absent: not counted. */
  readonly tokens?: number | undefined;
  /** Why it is off. Absent: it is on. */
  readonly off?: string | undefined;
  /** What it does. */
  readonly description: string;
  /** Schema of its arguments. */
  readonly arguments: JsonSchema;
}

/** Returns a tool as a row. */
export function rowOf(entry: ToolEntry, off: string | undefined): ToolRow {
  const { name, toolset, effect, scopes, role, insteadOfRole, tokens, description } = entry;
  return {
    name,
    toolset,
    effect,
    scopes,
    role,
    insteadOfRole,
    tokens,
    off,
    description: description.description,
    arguments: description.inputSchema,
  };
}
