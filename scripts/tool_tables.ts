/**
 * The README's table of toolsets, made from the registry: running this puts it between the README's
 * markers.
 *
 * @module
 */
import type { Tool } from "../tools/mod.ts";
import { defaultToolsets, optInToolsets, registry } from "../tools/toolsets.ts";
import { between, markdownTable } from "./markdown.ts";
import { tokensOf } from "./tokens.ts";

const readmeUrl = new URL("../README.md", import.meta.url);

/** Returns the README with its table updated. */
export function withToolsets(readme: string): string {
  return between(readme, "toolsets", toolsetTable());
}

/** Returns the tools of each toolset, and their cost for a model; those that are off at first, in one row. */
function toolsetTable(): string {
  const on = Object.entries(defaultToolsets);
  const optIn: readonly string[] = Object.keys(optInToolsets);
  return markdownTable([
    ["Toolset", "Tools", "Tokens"],
    ...on.map(([name, tools]) => [
      linkTo(name),
      tools.map(({ name }) => `\`${name}\``).join(", "),
      cost(tools),
    ]),
    ["**default**", "", cost(on.flatMap(([, tools]) => tools))],
    ...(optIn.length === 0
      ? []
      : [["**all**", `Also ${optIn.map(linkTo).join(", ")}`, cost(registry)]]),
  ]);
}

function linkTo(toolset: string): string {
  return `[${toolset}](docs/tools.md#${toolset})`;
}

function cost(tools: readonly Tool[]): string {
  return tokensOf(tools).toLocaleString("en");
}

if (import.meta.main) {
  const readme = await Deno.readTextFile(readmeUrl);
  const updated = withToolsets(readme);
  if (updated !== readme) await Deno.writeTextFile(readmeUrl, updated);
}
