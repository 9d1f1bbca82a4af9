import { visible } from "../../client/internal.ts";
import { tableOf } from "../table.ts";
import type { ToolRow } from "./tool_row.ts";

/** Returns the tools as a table, and below it why the others are off. */
export async function renderTools(rows: readonly ToolRow[]): Promise<string> {
  const on = rows.filter(({ off }) => off === undefined);
  const isCounted = rows.every(({ tokens }) => tokens !== undefined);
  const headings = ["tool", "toolset", "effect", "scopes", "role"];
  const table = await tableOf(
    isCounted ? [...headings, "tokens"] : headings,
    on.map((row) => [
      row.name,
      row.toolset,
      row.effect,
      row.scopes.join(" "),
      roleOf(row),
      ...(isCounted ? [String(row.tokens)] : []),
    ]),
    ["left", "left", "left", "left", "left", "right"],
  );
  const sum = on.reduce((total, { tokens = 0 }) => total + tokens, 0);
  const cost = isCounted ? `, ${sum} tokens` : "";
  const byReason = Map.groupBy(rows.filter(({ off }) => off !== undefined), ({ off = "" }) => off);
  const reasons = [...byReason].map(([reason, off]) =>
    `\nOff: ${off.map(({ name }) => name).join(", ")}\n  ${visible(reason)}`
  );
  return [table, "", `${on.length} of ${rows.length} tools are on${cost}`, ...reasons].join("\n");
}

/** Returns what a tool does, and its arguments. */
export async function renderTool(row: ToolRow): Promise<string> {
  const { name, toolset, effect, scopes, off, tokens, description } = row;
  const { properties, required = [] } = row.arguments;
  const facts = [
    `toolset: ${toolset}`,
    `effect: ${effect}`,
    `scopes: ${scopes.length === 0 ? "none" : scopes.join(" ")}`,
    ...(roleOf(row) === "" ? [] : [`role: ${roleOf(row)}`]),
    ...(tokens === undefined ? [] : [`tokens: ${tokens}`]),
    off === undefined ? "on" : `off: ${visible(off)}`,
  ];
  const rows = Object.entries(properties).map(([key, schema]) => [
    key,
    required.includes(key) ? "required" : "",
    textOf(schema, "description"),
  ]);
  const list = rows.length === 0
    ? "It takes no arguments."
    : await tableOf(["argument", "", "what it is"], rows);
  return [`${name}: ${description}`, "", ...facts, "", list].join("\n");
}

function roleOf({ role = "", insteadOfRole }: ToolRow): string {
  return insteadOfRole === undefined ? role : `${role} or ${insteadOfRole}`;
}

function textOf(schema: object | boolean, key: string): string {
  const text: unknown = typeof schema === "object" ? Reflect.get(schema, key) : undefined;
  return typeof text === "string" ? text : "";
}
