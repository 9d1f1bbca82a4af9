import { assert } from "@std/assert";
import { Tiktoken } from "js-tiktoken/lite";
import o200kBase from "js-tiktoken/ranks/o200k_base";
import { describeTool, type Tool } from "../../tools/mod.ts";
import { registry, toolsets } from "../../tools/toolsets.ts";

const encoding = new Tiktoken(o200kBase);

/** What tools cost a model before they are called even once. */
function tokensOf(tools: readonly Tool[]): number {
  const told = tools.map(describeTool).map(({ name, title, description, inputSchema }) => ({
    name,
    title,
    description,
    inputSchema,
  }));
  return encoding.encode(JSON.stringify(told)).length;
}

Deno.test("the tools for containers cost a model at most 2,000 tokens", () => {
  const tokens = tokensOf(toolsets.containers);
  assert(tokens <= 2_000, `${tokens} tokens`);
});

Deno.test("all tools together cost a model at most 6,000 tokens", () => {
  const tokens = tokensOf(registry);
  assert(tokens <= 6_000, `${tokens} tokens`);
});
