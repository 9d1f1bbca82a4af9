/**
 * The README's tables of toolsets and tools, made from the registry: running this puts them
 * between the README's markers.
 *
 * @module
 */
import { type ToolDescription, tools } from "../mod.ts";
import { registry, toolsets } from "../tools/toolsets.ts";
import { tokensOf } from "./tokens.ts";

const readmeUrl = new URL("../README.md", import.meta.url);

/** The README with its tables brought up to date. */
export function withTables(readme: string): string {
  return between(between(readme, "toolsets", toolsetTable()), "tools", toolTable(tools));
}

function between(readme: string, name: string, table: string): string {
  const markers = new RegExp(`(<!-- ${name}:begin -->\\n)[\\s\\S]*(<!-- ${name}:end -->)`);
  if (!markers.test(readme)) throw new Error(`README.md has lost its ${name} markers`);
  return readme.replace(
    markers,
    (_all, begin: string, end: string) => `${begin}\n${table}\n${end}`,
  );
}

/** What each toolset has, and costs a model. */
function toolsetTable(): string {
  const told = Object.entries(toolsets).map(([name, tools]) => [
    `\`${name}\``,
    tools.map(({ name }) => `\`${name}\``).join(", "),
    tokensOf(tools).toLocaleString("en"),
  ]);
  const all = tokensOf(registry).toLocaleString("en");
  return markdownTable([["Toolset", "Tools", "Tokens"], ...told, ["all", "", all]]);
}

function toolTable(described: readonly ToolDescription[]): string {
  return markdownTable([
    ["Tool", "What it does", "Effect", "Arguments"],
    ...described.map((tool) => [
      `\`${tool.name}\``,
      tool.description,
      effectOf(tool),
      argumentsOf(tool),
    ]),
  ]);
}

/** A Markdown table, aligned as `deno fmt` aligns it. */
function markdownTable(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const [heads = []] = rows;
  const widths = heads.map((_head, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const [head, ...body] = rows.map((row) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [head, rule, ...body, ""].join("\n");
}

function effectOf({ annotations }: ToolDescription): string {
  if (annotations.readOnlyHint) return "reads";
  return annotations.destructiveHint ? "destroys" : "changes";
}

/** `name` is required, `name?` may be left out, `name=value` has that default. */
function argumentsOf({ inputSchema }: ToolDescription): string {
  const { properties, required } = inputSchema;
  const written = Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === "object" && "default" in schema) {
      return `\`${name}=${JSON.stringify(schema.default)}\``;
    }
    return `\`${name}${required.includes(name) ? "" : "?"}\``;
  });
  return written.join(", ") || "–";
}

if (import.meta.main) {
  const readme = await Deno.readTextFile(readmeUrl);
  const updated = withTables(readme);
  if (updated !== readme) await Deno.writeTextFile(readmeUrl, updated);
}
