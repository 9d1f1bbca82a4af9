/**
 * `docs/tools.md`: a section for each tool, made from the registry, with an example call and its
 * answer from the simulated daemon. Running this puts them between the page's markers.
 *
 * @module
 */
import { describeTool, type Tool } from "../tools/mod.ts";
import { optInToolsets, toolsets } from "../tools/toolsets.ts";
import { whyNoPty } from "../tests/daemon/mod.ts";
import { runExamples } from "./examples.ts";
import { between, markdownTable, paragraph } from "./markdown.ts";

const pageUrl = new URL("../docs/tools.md", import.meta.url);

/** The part of a JSON Schema property that a table of arguments shows. */
interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Property;
  readonly additionalProperties?: unknown;
}

/** Returns the page, updated with these examples. */
export function withTools(page: string, examples: ReadonlyMap<string, string>): string {
  const sections = Object.entries(toolsets).map(([name, tools]) =>
    [
      `## ${name}\n`,
      ...(Object.hasOwn(optInToolsets, name) ? [paragraph(howToTurnOn(name))] : []),
      ...tools.map((tool) => section(tool, examples.get(tool.name))),
    ].join("\n")
  );
  return between(page, "tools", sections.join("\n"));
}

function howToTurnOn(toolset: string): string {
  return `Off unless chosen: \`--toolsets default,${toolset}\`, or \`all\`.`;
}

/** Returns the examples in the page. */
export function examplesIn(page: string): ReadonlyMap<string, string> {
  const found = page.matchAll(/^```text\n(→ (\w+) [\s\S]*?)\n```$/gm);
  return new Map([...found].map(([, text = "", tool = ""]) => [tool, text]));
}

function section(tool: Tool, example: string | undefined): string {
  const { name, description, inputSchema } = describeTool(tool);
  const rows = Object.entries(inputSchema.properties).map(([argument, property]) =>
    row(argument, typeof property === "object" ? property : {}, inputSchema.required ?? [])
  );
  const head = ["Argument", "Type", "Default", "What it is"];
  return [
    `### ${name}\n`,
    paragraph(description),
    paragraph(nature(tool)),
    ...(rows.length === 0 ? [] : [markdownTable([head, ...rows])]),
    ...(example === undefined ? [] : [`\`\`\`text\n${example}\n\`\`\`\n`]),
  ].join("\n");
}

/** Returns the effect of a call, and what it needs. */
function nature(tool: Tool): string {
  const effects = {
    read: "Changes nothing.",
    write: "Changes something.",
    destroy: "Destroys something.",
  };
  return [
    effects[tool.effect],
    tool.effect !== "read" && tool.idempotent ? "A repeated call changes nothing more." : "",
    reaches(tool),
    asks(tool),
    needs(tool),
    listed(tool),
  ].filter((sentence) => sentence !== "").join(" ");
}

function reaches({ reach }: Tool): string {
  switch (reach) {
    case "container":
    case "shell":
      return "Returns text from inside a container.";
    case "secret":
      return "Puts a secret into the conversation.";
    case undefined:
      return "";
  }
}

function asks({ consent, reach }: Tool): string {
  if (consent === undefined) return "";
  switch (reach) {
    case "shell":
      return "Asks the user only with `CONTAINARIUM_CONSENT=always`.";
    case "secret":
      return "Asks the user first, where the client can.";
    case "container":
    case undefined:
      return "Asks the user first, where the client can, if something would be lost.";
  }
}

function needs({ scopes, role, insteadOfRole }: Tool): string {
  const listed = scopes.map((scope) => `\`${scope}\``).join(", ");
  return [
    ...(scopes.length === 0 ? [] : [`${scopes.length === 1 ? "Scope" : "Scopes"}: ${listed}.`]),
    ...(role === undefined ? [] : [
      `Role: \`${role}\`${insteadOfRole === undefined ? "" : ` or scope \`${insteadOfRole}\``}.`,
    ]),
  ].join(" ");
}

function listed({ listedWith: condition }: Tool): string {
  if (condition === undefined) return "";
  const what = condition.arguments?.map((name) => `\`${name}\``).join(", ");
  return `${what ?? "It"} is listed only where deletes have [a grace](deletes.md).`;
}

function row(name: string, property: Property, required: readonly string[]): readonly string[] {
  const standard = property.default === undefined
    ? (required.includes(name) ? "required" : "")
    : `\`${JSON.stringify(property.default)}\``;
  return [`\`${name}\``, typeOf(property), standard, property.description ?? ""];
}

function typeOf(property: Property): string {
  if (property.enum !== undefined) {
    return property.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  }
  if (property.type === "array") return `list of ${typeOf(property.items ?? {})}`;
  const { type = "any", minimum, maximum } = property;
  if (minimum !== undefined && maximum !== undefined) return `${type}, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${type}, at least ${minimum}`;
  return maximum === undefined ? type : `${type}, at most ${maximum}`;
}

if (import.meta.main) {
  const page = await Deno.readTextFile(pageUrl);
  // A machine without a pty keeps the existing examples.
  const examples = await whyNoPty() === undefined ? await runExamples() : examplesIn(page);
  const updated = withTools(page, examples);
  if (updated !== page) await Deno.writeTextFile(pageUrl, updated);
}
