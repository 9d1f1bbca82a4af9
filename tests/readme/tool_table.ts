/**
 * The README's table of tools, made from the registry: `tool_table.ts` prints it, and
 * `tool_table.ts --write` puts it between the README's markers.
 *
 * @module
 */
import { type ToolDescription, tools } from "../../mod.ts";

const readmeUrl = new URL("../../README.md", import.meta.url);
const betweenMarkers = /(<!-- tools:begin -->\n)[\s\S]*(<!-- tools:end -->)/;

/** The README with its table of tools brought up to date. */
export function withToolTable(readme: string, described: readonly ToolDescription[]): string {
  if (!betweenMarkers.test(readme)) throw new Error("README.md has lost its tools markers");
  return readme.replace(
    betweenMarkers,
    (_all, begin: string, end: string) => `${begin}\n${toolTable(described)}\n${end}`,
  );
}

/** A Markdown table, aligned as `deno fmt` aligns it. */
export function toolTable(described: readonly ToolDescription[]): string {
  const rows = [
    ["Tool", "What it does", "Effect", "Arguments"],
    ...described.map((tool) => [
      `\`${tool.name}\``,
      tool.description,
      effectOf(tool),
      argumentsOf(tool),
    ]),
  ].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
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
  if (Deno.args.includes("--write")) {
    const readme = await Deno.readTextFile(readmeUrl);
    const updated = withToolTable(readme, tools);
    if (updated !== readme) await Deno.writeTextFile(readmeUrl, updated);
  } else {
    await Deno.stdout.write(new TextEncoder().encode(toolTable(tools)));
  }
}
