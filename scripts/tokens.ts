import { Tiktoken } from "js-tiktoken/lite";
import o200kBase from "js-tiktoken/ranks/o200k_base";
import { entryOf } from "../tools/entry.ts";
import { listedWith, type Tool, type ToolDescription } from "../tools/mod.ts";
import type { PolicyPart } from "../tools/policy/mod.ts";

const encoding = new Tiktoken(o200kBase);

/**
 * Returns the cost of listing tools, in tokens of o200k_base.
 *
 * @param parts What the policy has that some are listed with
 */
export function tokensOf(tools: readonly Tool[], parts: readonly PolicyPart[] = []): number {
  const entries = listedWith(tools.map((tool) => entryOf(tool, "")), parts);
  const listed = entries.map(({ description }) => description).map((
    { name, title, description, inputSchema },
  ) => ({
    name,
    title,
    description,
    inputSchema,
  }));
  return tokensIn(JSON.stringify(listed));
}

/** Returns the cost of listing one tool. */
export function tokensOfDescription(
  { name, title, description, inputSchema }: ToolDescription,
): number {
  return tokensIn(JSON.stringify({ name, title, description, inputSchema }));
}

/** Returns the cost of a text, in tokens of o200k_base. */
export function tokensIn(text: string): number {
  return encoding.encode(text).length;
}
