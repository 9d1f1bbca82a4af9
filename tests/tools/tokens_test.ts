import { assert } from "@std/assert";
import { Tiktoken } from "js-tiktoken/lite";
import o200kBase from "js-tiktoken/ranks/o200k_base";
import { tools } from "../../mod.ts";

Deno.test("all tools together cost a model at most 2,000 tokens", () => {
  const told = tools.map(({ name, title, description, inputSchema }) => ({
    name,
    title,
    description,
    inputSchema,
  }));
  const tokens = new Tiktoken(o200kBase).encode(JSON.stringify(told)).length;
  assert(tokens <= 2_000, `${tokens} tokens`);
});
