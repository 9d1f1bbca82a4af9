/**
 * Which tools are on.
 *
 * @module
 */
import type { TokenClaims } from "../client/mod.ts";
import { visible } from "../client/internal.ts";
import { entries } from "./entries.ts";
import type { ToolEntry } from "./entry.ts";

const MAX_WORDS = 30;
const MAX_WORD_CHARS = 60;

/** Names of the toolsets. */
export const toolsetNames: readonly string[] = [...new Set(entries.map(({ toolset }) => toolset))];

const optInNames = new Set(entries.filter(({ isOptIn }) => isOptIn).map(({ toolset }) => toolset));

/** What stands for several toolsets: `default` for those that are on unless others are chosen. */
const groups: ReadonlyMap<string, readonly string[]> = new Map([
  ["default", toolsetNames.filter((name) => !optInNames.has(name))],
  ["all", toolsetNames],
]);

/** Words that select toolsets: their names, `default` and `all`. */
export const toolsetWords: readonly string[] = [...toolsetNames, ...groups.keys()];

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
   * Toolsets to select, by name; `default` and `all` stand for several.
   *
   * @default {["default"]}, or none if `tools` names some
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

/** Returns which tools are on, by the selection and the token's roles and scopes. */
export function activeTools(
  selection: ToolSelection,
  claims: Pick<TokenClaims, "roles" | "scopes"> | undefined,
): ActiveTools {
  const off = new Map<string, string>();
  const isChosen = chosenBy(selection);
  for (const entry of entries) {
    const reason = whyOff(entry, isChosen, selection) ?? whyNotInRole(entry, claims) ??
      whyOutOfScope(entry, claims?.scopes);
    if (reason !== undefined) off.set(entry.name, reason);
  }
  const { readOnly = false } = selection;
  const on = entries.filter(({ name }) => !off.has(name));
  return { on: readOnly ? on.map(asReader) : on, off, readOnly };
}

/** Returns whether a selection has a tool of a toolset, whatever the token allows. */
export function selectsToolset(selection: ToolSelection, toolset: string): boolean {
  const isChosen = chosenBy(selection);
  return entries.some((entry) =>
    entry.toolset === toolset && whyOff(entry, isChosen, selection) === undefined
  );
}

/** A tool that can change something in other modes changes nothing in this one. */
function asReader(entry: ToolEntry): ToolEntry {
  if (entry.effect === "read") return entry;
  const { description } = entry;
  const annotations = { ...description.annotations, readOnlyHint: true, destructiveHint: false };
  return { ...entry, description: { ...description, annotations } };
}

/** Returns whether a selection has a tool, by its name or its toolset. */
function chosenBy({ tools, toolsets }: ToolSelection): (entry: ToolEntry) => boolean {
  const words = toolsets ?? (tools === undefined ? ["default"] : []);
  const names = new Set(words.flatMap((word) => groups.get(word) ?? [word]));
  return ({ name, toolset }) => names.has(toolset) || tools?.includes(name) === true;
}

function whyOff(
  entry: ToolEntry,
  isChosen: (entry: ToolEntry) => boolean,
  { readOnly = false }: ToolSelection,
): string | undefined {
  const { toolset, isOptIn, effect, worksReadOnly } = entry;
  if (!isChosen(entry)) {
    const words = isOptIn ? `default,${toolset}` : toolset;
    return `this server was started without it (it is in the toolset ${toolset}: ` +
      `--toolsets ${words}; --tools chooses single ones)`;
  }
  if (readOnly && effect !== "read" && worksReadOnly !== true) {
    return "this server was started with --read-only, so nothing can be changed through it";
  }
  return undefined;
}

/** Nothing is known of the roles of a token that is not a JWT. */
function whyNotInRole(
  { role, insteadOfRole }: ToolEntry,
  { roles, scopes = [] }: Partial<Pick<TokenClaims, "roles" | "scopes">> = {},
): string | undefined {
  if (role === undefined || roles === undefined || roles.includes(role)) return undefined;
  const suffices = (scope: string) => scope === insteadOfRole || scope === "*";
  if (insteadOfRole !== undefined && scopes.some(suffices)) return undefined;
  const held = roles.length === 0 ? "none" : shownList(roles);
  const or = insteadOfRole === undefined ? "" : ` or the scope ${insteadOfRole}`;
  return `the daemon allows it only to a token with the ${role} role${or} (roles of this token: ${held})`;
}

/** A token without scopes is limited by its roles only. */
function whyOutOfScope(
  { scopes: needed }: ToolEntry,
  scopes: readonly string[] | undefined,
): string | undefined {
  if (scopes === undefined || scopes.includes("*")) return undefined;
  const lacking = needed.filter((scope) => !scopes.includes(scope));
  if (lacking.length === 0) return undefined;
  return `the token lacks the scope ${lacking.join(" and ")} (it has ${shownList(scopes)})`;
}

/** Scopes and roles are text from outside: whoever made the token chose them. */
function shownList(words: readonly string[]): string {
  const shown = words.slice(0, MAX_WORDS).map((word) => visible(word.slice(0, MAX_WORD_CHARS)));
  const left = words.length - shown.length;
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(", ");
}
