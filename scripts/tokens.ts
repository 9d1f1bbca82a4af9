import { Tiktoken } from "js-tiktoken/lite";
import o200kBase from "js-tiktoken/ranks/o200k_base";
import { describeTool, type Tool } from "../tools/mod.ts";

const encoding = new Tiktoken(o200kBase);

/** What tools cost a model before they are called even once, in tokens of o200k_base. */
export function tokensOf(tools: readonly Tool[]): number {
  const told = tools.map(describeTool).map(({ name, title, description, inputSchema }) => ({
    name,
    title,
    description,
    inputSchema,
  }));
  return tokensIn(JSON.stringify(told));
}

/** What a text costs a model to read, in tokens of o200k_base. */
export function tokensIn(text: string): number {
  return encoding.encode(text).length;
}
