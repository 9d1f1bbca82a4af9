/**
 * Which resources and prompts are on: those whose tools are. Whatever turns a tool off (a scope, a role,
 * `--read-only`, `--toolsets`, `--tools`) turns off what shows the same.
 *
 * @module
 */
import type { ActiveTools } from "./active_tools.ts";
import { promptEntries, resourceEntries } from "./entries.ts";
import type { PromptEntry } from "./prompt_entry.ts";
import type { ResourceEntry } from "./resource_entry.ts";

/** Entries of one kind that are on. */
export interface Active<Entry> {
  /** Entries that are listed and can be read. */
  readonly on: readonly Entry[];
  /** The others, with the reason why each is off. */
  readonly off: readonly { readonly entry: Entry; readonly reason: string }[];
}

/** Which resources and templates are on. */
export type ActiveResources = Active<ResourceEntry>;

/** Which prompts are on. */
export type ActivePrompts = Active<PromptEntry>;

/** Returns the resources and templates that are on with these tools. */
export function activeResources(tools: ActiveTools): ActiveResources {
  return withTools(resourceEntries, tools);
}

/** Returns the prompts that are on with these tools. */
export function activePrompts(tools: ActiveTools): ActivePrompts {
  return withTools(promptEntries, tools);
}

function withTools<Entry extends Pick<ResourceEntry, "tools">>(
  entries: readonly Entry[],
  tools: ActiveTools,
): Active<Entry> {
  const names = new Set(tools.on.map(({ name }) => name));
  const off = entries.flatMap((entry) => {
    const lacking = entry.tools.find((name) => !names.has(name));
    if (lacking === undefined) return [];
    const why = tools.off.get(lacking) ?? "this server does not have it";
    return [{ entry, reason: `it needs the tool ${lacking}, and ${why}` }];
  });
  const offEntries = new Set(off.map(({ entry }) => entry));
  return { on: entries.filter((entry) => !offEntries.has(entry)), off };
}
