import type { ToolEntry } from "./entry.ts";
import type { PolicyPart } from "./policy/mod.ts";

/** Returns tools as they are listed where the policy has these parts: what it has not costs no model a token. */
export function listedWith(
  entries: readonly ToolEntry[],
  parts: readonly PolicyPart[],
): readonly ToolEntry[] {
  return entries.flatMap((entry) => {
    const { listedWith: condition } = entry;
    if (condition === undefined || parts.includes(condition.part)) return [entry];
    return condition.arguments === undefined ? [] : [withoutArguments(entry, condition.arguments)];
  });
}

function withoutArguments(entry: ToolEntry, names: readonly string[]): ToolEntry {
  const { description } = entry;
  const { inputSchema } = description;
  const properties = Object.fromEntries(
    Object.entries(inputSchema.properties).filter(([name]) => !names.includes(name)),
  );
  return {
    ...entry,
    description: { ...description, inputSchema: { ...inputSchema, properties } },
  };
}
