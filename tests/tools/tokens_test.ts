import { assert } from "@std/assert";
import { defaultToolsets, registry, toolsets } from "../../tools/toolsets.ts";
import { tokensOf } from "../../scripts/tokens.ts";

Deno.test("the tools for containers cost a model at most 2,350 tokens", () => {
  const tokens = tokensOf(toolsets.containers);
  assert(tokens <= 2_350, `${tokens} tokens`);
});

Deno.test("the tools for templates cost a model at most 420 tokens", () => {
  const tokens = tokensOf(toolsets.templates);
  assert(tokens <= 420, `${tokens} tokens`);
});

Deno.test("the tools for many containers at once cost a model at most 1,150 tokens", () => {
  const tokens = tokensOf(toolsets.bulk);
  assert(tokens <= 1_150, `${tokens} tokens`);
});

// Descriptions contain words that users search for: "undo", "save the state".
Deno.test("the tools for snapshots cost a model at most 500 tokens", () => {
  const tokens = tokensOf(toolsets.snapshots);
  assert(tokens <= 500, `${tokens} tokens`);
});

Deno.test("the tools for several hosts cost a model at most 260 tokens", () => {
  const tokens = tokensOf(toolsets.fleet);
  assert(tokens <= 260, `${tokens} tokens`);
});

Deno.test("the tools for secrets cost a model at most 470 tokens", () => {
  const tokens = tokensOf(toolsets.secrets);
  assert(tokens <= 470, `${tokens} tokens`);
});

Deno.test("the tools for files cost a model at most 420 tokens", () => {
  const tokens = tokensOf(toolsets.files);
  assert(tokens <= 420, `${tokens} tokens`);
});

Deno.test("the tools for routes cost a model at most 430 tokens", () => {
  const tokens = tokensOf(toolsets.routes);
  assert(tokens <= 430, `${tokens} tokens`);
});

Deno.test("the tools for backups cost a model at most 560 tokens", () => {
  const tokens = tokensOf(toolsets.backups);
  assert(tokens <= 560, `${tokens} tokens`);
});

Deno.test("the tools for security cost a model at most 430 tokens", () => {
  const tokens = tokensOf(toolsets.security);
  assert(tokens <= 430, `${tokens} tokens`);
});

Deno.test("the tools for administrators cost a model at most 1,050 tokens", () => {
  const tokens = tokensOf(toolsets.admin);
  assert(tokens <= 1_050, `${tokens} tokens`);
});

Deno.test("the tools that are on by default cost a model at most 7,000 tokens", () => {
  const tokens = tokensOf(Object.values(defaultToolsets).flat());
  assert(tokens <= 7_000, `${tokens} tokens`);
});

Deno.test("deletes that can be undone cost a model at most 110 tokens, and none without a grace", () => {
  const tools = Object.values(defaultToolsets).flat();
  const tokens = tokensOf(tools, ["delete_grace"]) - tokensOf(tools);
  assert(tokens > 0 && tokens <= 110, `${tokens} tokens`);
});

Deno.test("all tools together cost a model at most 11,000 tokens", () => {
  const tokens = tokensOf(registry);
  assert(tokens <= 11_000, `${tokens} tokens`);
});
