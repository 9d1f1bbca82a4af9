/**
 * What a client sees of the server before it calls anything, as text whose differences are easy to read:
 * `tests/server/golden/surface.txt`. Running this writes the file anew.
 *
 * @module
 */
import { z } from "zod";
import { connect } from "../tests/connect.ts";
import { startDaemon } from "../tests/daemon/mod.ts";

/** The file. */
export const surfaceUrl = new URL("../tests/server/golden/surface.txt", import.meta.url);

const Schema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  maxLength: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return Schema.optional();
  },
  additionalProperties: z.unknown().optional(),
});
type Schema = z.infer<typeof Schema>;

const Text = z.string().optional();
const Tools = z.array(z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  annotations: z.record(z.string(), z.unknown()),
  inputSchema: Schema,
  outputSchema: Schema,
  _meta: z.unknown().optional(),
}));
const Resources = z.array(z.object({
  uri: Text,
  uriTemplate: Text,
  name: z.string(),
  title: z.string(),
  description: z.string(),
  mimeType: z.string(),
  annotations: z.unknown().optional(),
}));
const Prompts = z.array(z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  arguments: z.array(
    z.object({ name: z.string(), description: z.string(), required: z.boolean() }),
  ),
}));

/** Returns the text, a block for each thing, of a server with every toolset and a grace. */
export async function surface(): Promise<string> {
  await using daemon = await startDaemon();
  const env = { CONTAINARIUM_DELETE_GRACE: "24h", CONTAINARIUM_MCP_TOOLSETS: "all" };
  await using server = await connect(daemon, { env });
  const { capabilities, instructions } = server.initialized;
  const { tools } = await server.request("tools/list");
  const { resources } = await server.request("resources/list");
  const { resourceTemplates } = await server.request("resources/templates/list");
  const { prompts } = await server.request("prompts/list");
  const blocks = [
    `capabilities ${JSON.stringify(capabilities)}`,
    `instructions\n  ${instructions}`,
    ...await Promise.all(Tools.parse(tools).map(toolBlock)),
    ...[...Resources.parse(resources), ...Resources.parse(resourceTemplates)].map(resourceBlock),
    ...Prompts.parse(prompts).map(promptBlock),
  ];
  return `${blocks.join("\n\n")}\n`;
}

async function toolBlock(tool: z.infer<typeof Tools>[number]): Promise<string> {
  const { name, title, description, annotations, inputSchema, outputSchema, _meta: meta } = tool;
  const hints = Object.entries(annotations).filter(([, value]) => value === true)
    .map(([hint]) => hint.replace("Hint", ""));
  return [
    `tool ${name}: ${title}${hints.length === 0 ? "" : ` (${hints.join(", ")})`}`,
    `  ${description}`,
    ...await Promise.all(fieldsOf(inputSchema).map(([field, schema]) => inputLine(field, schema))),
    `  → ${outputFields(outputSchema)} #${await markOf(JSON.stringify(outputSchema))}`,
    ...(meta === undefined ? [] : [`  _meta ${JSON.stringify(meta)}`]),
  ].join("\n");
}

/** Returns the fields at the top; the mark after them is that of the whole schema. */
function outputFields(schema: Schema): string {
  const shallow = (field: Schema): string => {
    if (field.type === "array") return `[${shallow(field.items ?? {})}]`;
    return field.type === "object" ? "object" : typeOf(field);
  };
  return fieldsOf(schema).map(([name, field]) => `${name} ${shallow(field)}`).join(", ");
}

/** Returns fields, with a star where they are required. */
function fieldsOf({ properties = {}, required = [] }: Schema): readonly [string, Schema][] {
  return Object.entries(properties).map(([name, schema]) =>
    [required.includes(name) ? `${name}*` : name, Schema.parse(schema)] as const
  );
}

/** Returns an argument, with a mark of its description's words, which `docs/tools.md` has. */
async function inputLine(name: string, schema: Schema): Promise<string> {
  const { description, default: byDefault } = schema;
  const standard = byDefault === undefined ? "" : ` = ${JSON.stringify(byDefault)}`;
  return `  ${name} ${typeOf(schema)}${standard} #${await markOf(description ?? "")}`;
}

async function markOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 6);
}

function typeOf(schema: Schema): string {
  const { type = "any", enum: values, items, format, pattern, additionalProperties: rest } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join("|");
  switch (type) {
    case "array":
      return `[${typeOf(items ?? {})}]${boundsOf(schema.minItems, schema.maxItems)}`;
    case "object": {
      const fields = fieldsOf(schema).map(([name, field]) => `${name} ${typeOf(field)}`);
      const others = Schema.safeParse(rest).data;
      return `{${[...fields, ...(others ? [`… ${typeOf(others)}`] : [])].join(", ")}}`;
    }
    default:
      return [
        format ?? type,
        boundsOf(schema.minimum, schema.maximum ?? schema.maxLength),
        pattern === undefined ? "" : ` /${pattern}/`,
      ].join("");
  }
}

function boundsOf(least: number | undefined, most: number | undefined): string {
  return least === undefined && most === undefined ? "" : ` ${least ?? ""}..${most ?? ""}`;
}

function resourceBlock(resource: z.infer<typeof Resources>[number]): string {
  const { uri, uriTemplate, name, title, description, mimeType, annotations } = resource;
  return [
    `resource ${uri ?? uriTemplate} ${name}: ${title} (${mimeType}, ${
      JSON.stringify(annotations)
    })`,
    `  ${description}`,
  ].join("\n");
}

function promptBlock(
  { name, title, description, arguments: args }: z.infer<typeof Prompts>[number],
) {
  return [
    `prompt ${name}: ${title}`,
    `  ${description}`,
    ...args.map(({ name, description, required }) =>
      `  ${name}${required ? "*" : ""}: ${description}`
    ),
  ].join("\n");
}

/** Returns the lines of blocks that differ, with `-` before old and `+` before new ones. */
export function changes(before: string, after: string): string {
  const [old, now] = [blocksOf(before), blocksOf(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  const changed = [...names].flatMap((name) => {
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []];
    const gone = was.filter((line) => !is.includes(line)).map((line) => `- ${line}`);
    const come = is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`);
    return gone.length + come.length === 0 ? [] : [name, ...gone, ...come];
  });
  const isReordered = changed.length === 0 && before !== after;
  return isReordered ? "The order has changed." : changed.join("\n");
}

/** Returns the lines of each block by what it is about. */
function blocksOf(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text.trimEnd().split(/\n\n(?=\S)/).map((block) => {
      const [, about = ""] = /^(\S+(?: [^\s:]+)?)/.exec(block) ?? [];
      return [about, block.split("\n")] as const;
    }),
  );
}

if (import.meta.main) await Deno.writeTextFile(surfaceUrl, await surface());
