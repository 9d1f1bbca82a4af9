/**
 * Which tools are on.
 *
 * @module
 */
import type { TokenClaims } from "../client/mod.ts";
import { entries } from "./entries.ts";
import type { ToolEntry } from "./entry.ts";
import { visible } from "./text/visible.ts";

const MAX_SCOPES = 30;
const MAX_SCOPE_CHARS = 60;

/** The names of the toolsets. */
export const toolsetNames: readonly string[] = [...new Set(entries.map(({ toolset }) => toolset))];

/** The names of the tools. */
export const toolNames: readonly string[] = entries.map(({ name }) => name);

/** Which tools are wanted. */
export interface ToolSelection {
  /**
   * Whether only tools that change nothing are wanted.
   *
   * @default {false}
   */
  readonly readOnly?: boolean | undefined;
  /**
   * The names of the toolsets that are wanted.
   *
   * @default All, or none where `tools` names some
   */
  readonly toolsets?: readonly string[] | undefined;
  /**
   * Names of the tools that are wanted in addition to those of `toolsets`.
   *
   * @default {[]}
   */
  readonly tools?: readonly string[] | undefined;
}

/** Which tools are on. */
export interface ActiveTools {
  /** Those that are listed and run. */
  readonly on: readonly ToolEntry[];
  /** Why each of the others is off, by its name. */
  readonly off: ReadonlyMap<string, string>;
}

/** Returns the names of the tools that are on. */
export function toolNamesOn({ on }: ActiveTools): ReadonlySet<string> {
  return new Set(on.map(({ name }) => name));
}

/** Decides which tools are on, by what is wanted and what the token may do. */
export function activeTools(
  selection: ToolSelection,
  claims: Pick<TokenClaims, "scopes"> | undefined,
): ActiveTools {
  const off = new Map<string, string>();
  for (const entry of entries) {
    const reason = whyOff(entry, selection) ?? whyOutOfScope(entry, claims?.scopes);
    if (reason !== undefined) off.set(entry.name, reason);
  }
  return { on: entries.filter(({ name }) => !off.has(name)), off };
}

function whyOff(
  { name, toolset, effect }: ToolEntry,
  selection: ToolSelection,
): string | undefined {
  const { readOnly = false, tools, toolsets = tools === undefined ? toolsetNames : [] } = selection;
  if (!toolsets.includes(toolset) && tools?.includes(name) !== true) {
    return `this server was started without it (--toolsets and --tools choose; it is in the ` +
      `toolset ${toolset})`;
  }
  if (readOnly && effect !== "read") {
    return "this server was started with --read-only, so nothing can be changed through it";
  }
  return undefined;
}

/** A token without scopes may do everything that its roles allow. */
function whyOutOfScope(
  { scopes: needed }: ToolEntry,
  scopes: readonly string[] | undefined,
): string | undefined {
  if (scopes === undefined || scopes.includes("*")) return undefined;
  const lacking = needed.filter((scope) => !scopes.includes(scope));
  if (lacking.length === 0) return undefined;
  return `the token lacks the scope ${lacking.join(" and ")} (it has ${shownScopes(scopes)})`;
}

/** Whoever made the token may have written anything into it. */
function shownScopes(scopes: readonly string[]): string {
  const shown = scopes.slice(0, MAX_SCOPES).map((scope) =>
    visible(scope.slice(0, MAX_SCOPE_CHARS))
  );
  const left = scopes.length - shown.length;
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(", ");
}
