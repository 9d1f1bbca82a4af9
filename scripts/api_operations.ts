/**
 * Writes `tools/api/description.ts` from the daemon's published API description, which is not part of
 * this repository: `api/swagger/containarium.swagger.json` in github.com/FootprintAI/Containarium.
 *
 * ```sh
 * deno run --allow-read --allow-write=tools/api scripts/api_operations.ts containarium.swagger.json
 * ```
 *
 * @module
 */
import { z } from "zod";

const field = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  $ref: z.string().optional(),
  items: z.object({ type: z.string().optional(), $ref: z.string().optional() }).optional(),
  additionalProperties: z.object({ type: z.string().optional() }).optional(),
});

type Field = z.output<typeof field>;

const parameter = field.extend({
  name: z.string(),
  in: z.enum(["path", "query", "body"]),
  enum: z.array(z.string()).optional(),
  schema: z.object({ $ref: z.string() }).optional(),
});

const operation = z.object({
  operationId: z.string(),
  summary: z.string().default(""),
  parameters: z.array(parameter).default([]),
});

const definition = z.object({
  properties: z.record(z.string(), field).optional(),
  enum: z.array(z.string()).optional(),
});

const swagger = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  definitions: z.record(z.string(), definition),
});

type Definitions = z.output<typeof swagger>["definitions"];

/** Operations whose own name says too little without that of their service. */
const renamed: Readonly<Record<string, string>> = {
  Disable: "DisableCompose",
  Discover: "DiscoverCompose",
  Enable: "EnableCompose",
  Status: "GetComposeStatus",
  GetMetrics2: "GetContainerMetrics",
};

/** Returns the description as `tools/api/operation.ts` reads it: a line for each operation and type. */
export function condensed(json: unknown): string {
  const { paths, definitions: found } = swagger.parse(json);
  const definitions: Definitions = Object.fromEntries(
    Object.entries(found).map(([name, each]) => [nameOf(name), each]),
  );
  const types = new Set<string>();
  const lines = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, found]) => {
      const bare = found.operationId.replace(/^\w+?_/, "");
      const query = found.parameters.filter((each) => each.in === "query")
        .map((each) => `${each.name}${enumOf(each, definitions, types) ?? typeOf(each, types)}`)
        .join(",");
      const reference = found.parameters.find((each) => each.in === "body")?.schema?.$ref;
      const body = reference === undefined ? "" : ` {${fieldsOf(definitions, reference, types)}}`;
      const target = `${path.replace("/v1/", "")}${query === "" ? "" : `?${query}`}`;
      const summary = found.summary.split(/\n|\. /)[0] ?? "";
      return `${renamed[bare] ?? bare} ${method.toUpperCase()} ${target}${body} | ${summary}`;
    })
  );
  return [...lines, ...typeLines(definitions, types)].join("\n");
}

function typeLines(definitions: Definitions, types: Set<string>): readonly string[] {
  const lines: string[] = [];
  // A set yields what is added during the loop, too.
  for (const name of types) {
    const values = definitions[name]?.enum;
    lines.push(
      values === undefined
        ? `${name} = {${fieldsOf(definitions, name, types)}}`
        : `${name} = ${values.join(" ")}`,
    );
  }
  return lines.toSorted();
}

function fieldsOf(definitions: Definitions, reference: string, types: Set<string>): string {
  const properties = definitions[nameOf(reference)]?.properties ?? {};
  return Object.entries(properties).map(([name, each]) => `${name}${typeOf(each, types)}`).join(
    ",",
  );
}

/** Returns a field's type as it follows its name: nothing for text. */
function typeOf(each: Field, types: Set<string>): string {
  const reference = each.$ref ?? each.items?.$ref;
  const isList = each.type === "array" ? "[]" : "";
  if (reference !== undefined) {
    types.add(nameOf(reference));
    return `:${nameOf(reference)}${isList}`;
  }
  if (isList !== "") return isList;
  if (each.additionalProperties !== undefined) return "{}";
  if (each.format === "int64" || each.format === "uint64") return ":int";
  if (each.format === "date-time") return ":time";
  if (each.format === "byte") return ":base64";
  return typeWords[each.type ?? ""] ?? "";
}

/** A query parameter lists the values of its enum instead of naming it. */
function enumOf(
  { enum: values }: { readonly enum?: readonly string[] | undefined },
  definitions: Definitions,
  types: Set<string>,
): string | undefined {
  if (values === undefined) return undefined;
  const found = Object.entries(definitions).find(([, each]) => each.enum?.join() === values.join());
  if (found === undefined) return undefined;
  const [name] = found;
  types.add(name);
  return `:${name}`;
}

const typeWords: Readonly<Record<string, string>> = {
  integer: ":int",
  number: ":number",
  boolean: ":bool",
};

/** A type's name without its package. */
function nameOf(reference: string): string {
  return /\w+$/.exec(reference)?.[0] ?? reference;
}

if (import.meta.main) {
  const [file = "containarium.swagger.json"] = Deno.args;
  const text = condensed(JSON.parse(await Deno.readTextFile(file)));
  await Deno.writeTextFile(
    new URL("../tools/api/description.ts", import.meta.url),
    "/**\n * The operations of the daemon's REST API and the types of their fields, from its published\n" +
      " * description. Written by `scripts/api_operations.ts`; `operation.ts` reads it.\n */\n" +
      `export const description: string = \`\n${text}\n\`;\n`,
  );
}
