import { Tiktoken } from "js-tiktoken/lite";
import o200kBase from "js-tiktoken/ranks/o200k_base";
import { describeTool, type Tool } from "../tools/mod.ts";

const encoding = new Tiktoken(o200kBase);

/** Returns the cost of listing tools, in tokens of o200k_base. */
export function tokensOf(tools: readonly Tool[]): number {
  const listed = tools.map(describeTool).map(({ name, title, description, inputSchema }) => ({
    name,
    title,
    description,
    inputSchema,
  }));
  return tokensIn(JSON.stringify(listed));
}

/** Returns the cost of a text, in tokens of o200k_base. */
export function tokensIn(text: string): number {
  return encoding.encode(text).length;
}
