/**
 * The README's table of toolsets, made from the registry: running this puts it between the README's
 * markers.
 *
 * @module
 */
import { registry, toolsets } from "../tools/toolsets.ts";
import { between, markdownTable } from "./markdown.ts";
import { tokensOf } from "./tokens.ts";

const readmeUrl = new URL("../README.md", import.meta.url);

/** Returns the README with its table updated. */
export function withToolsets(readme: string): string {
  return between(readme, "toolsets", toolsetTable());
}

/** Returns the tools of each toolset, and their cost for a model. */
function toolsetTable(): string {
  const rows = Object.entries(toolsets).map(([name, tools]) => [
    `[${name}](docs/tools.md#${name})`,
    tools.map(({ name }) => `\`${name}\``).join(", "),
    tokensOf(tools).toLocaleString("en"),
  ]);
  const all = tokensOf(registry).toLocaleString("en");
  return markdownTable([["Toolset", "Tools", "Tokens"], ...rows, ["all", "", all]]);
}

if (import.meta.main) {
  const readme = await Deno.readTextFile(readmeUrl);
  const updated = withToolsets(readme);
  if (updated !== readme) await Deno.writeTextFile(readmeUrl, updated);
}
