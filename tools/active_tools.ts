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

/** Names of the toolsets. */
export const toolsetNames: readonly string[] = [...new Set(entries.map(({ toolset }) => toolset))];

/** Names of the tools. */
export const toolNames: readonly string[] = entries.map(({ name }) => name);

/** Selection of tools by the user. */
export interface ToolSelection {
  /**
   * Whether to select only tools that change nothing.
   *
   * @default {false}
   */
  readonly readOnly?: boolean | undefined;
  /**
   * Names of the toolsets to select.
   *
   * @default All, or none if `tools` names some
   */
  readonly toolsets?: readonly string[] | undefined;
  /**
   * Names of tools to select besides those of `toolsets`.
   *
   * @default {[]}
   */
  readonly tools?: readonly string[] | undefined;
}

/** Which tools are on. */
export interface ActiveTools {
  /** Tools that are listed and can be called. */
  readonly on: readonly ToolEntry[];
  /** The others, with the reason why each is off. */
  readonly off: ReadonlyMap<string, string>;
  /** Whether nothing may be changed. */
  readonly readOnly: boolean;
}

/** Returns the names of the tools that are on. */
export function toolNamesOn({ on }: ActiveTools): ReadonlySet<string> {
  return new Set(on.map(({ name }) => name));
}

/** Returns which tools are on, by the selection and the token's scopes and roles. */
export function activeTools(
  selection: ToolSelection,
  claims: Partial<Pick<TokenClaims, "scopes" | "roles">> | undefined,
): ActiveTools {
  const off = new Map<string, string>();
  for (const entry of entries) {
    const reason = whyOff(entry, selection) ?? whyOutOfScope(entry, claims?.scopes) ??
      whyNotInRole(entry, claims?.roles);
    if (reason !== undefined) off.set(entry.name, reason);
  }
  const { readOnly = false } = selection;
  const on = entries.filter(({ name }) => !off.has(name));
  return { on: readOnly ? on.map(asReader) : on, off, readOnly };
}

/** A tool that can change something in other modes changes nothing in this one. */
function asReader(entry: ToolEntry): ToolEntry {
  if (entry.effect === "read") return entry;
  const { description } = entry;
  const annotations = { ...description.annotations, readOnlyHint: true, destructiveHint: false };
  return { ...entry, description: { ...description, annotations } };
}

function whyOff(
  { name, toolset, effect, worksReadOnly }: ToolEntry,
  selection: ToolSelection,
): string | undefined {
  const { readOnly = false, tools, toolsets = tools === undefined ? toolsetNames : [] } = selection;
  if (!toolsets.includes(toolset) && tools?.includes(name) !== true) {
    return `this server was started without it (--toolsets and --tools choose; it is in the ` +
      `toolset ${toolset})`;
  }
  if (readOnly && effect !== "read" && worksReadOnly !== true) {
    return "this server was started with --read-only, so nothing can be changed through it";
  }
  return undefined;
}

/** A token without scopes is limited by its roles only. */
function whyOutOfScope(
  { scopes: needed }: ToolEntry,
  scopes: readonly string[] | undefined,
): string | undefined {
  if (scopes === undefined || scopes.includes("*")) return undefined;
  const lacking = needed.filter((scope) => !scopes.includes(scope));
  if (lacking.length === 0) return undefined;
  return `the token lacks the scope ${lacking.join(" and ")} (it has ${shownScopes(scopes)})`;
}

/** Roles are unknown if the token is not a JWT. */
function whyNotInRole(
  { role }: ToolEntry,
  roles: readonly string[] | undefined,
): string | undefined {
  if (role === undefined || roles === undefined || roles.includes(role)) return undefined;
  return `the daemon lets only the role ${role} do this, which the token lacks`;
}

/** Scopes are text from outside: whoever made the token chose them. */
function shownScopes(scopes: readonly string[]): string {
  const shown = scopes.slice(0, MAX_SCOPES).map((scope) =>
    visible(scope.slice(0, MAX_SCOPE_CHARS))
  );
  const left = scopes.length - shown.length;
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(", ");
}
