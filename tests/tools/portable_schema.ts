/** What a schema may hold so that every client that is known can load it. @module */

/** Whose schema it is: of arguments, or of structured content. */
export type SchemaKind = "input" | "output";

/**
 * Keywords for arguments. Not among them: what OpenAI's strict mode or Gemini's function declarations refuse
 * (`$ref`, `oneOf`, `allOf`, `not`, `const`, `format`, `exclusiveMinimum`, `propertyNames`, `prefixItems`, …).
 */
const inputKeywords = new Set([
  ...["type", "description", "properties", "required", "items", "enum", "default"],
  ...["minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "pattern"],
  "additionalProperties",
]);
/** Only official clients compile a schema of structured content. */
const outputKeywords = new Set([
  ...["type", "description", "properties", "required", "items", "enum", "const", "format"],
  "additionalProperties",
]);
const types = ["object", "array", "string", "integer", "number", "boolean"];
/** `mcp__containarium__`, as Claude Code prefixes it, and 64 characters in all. */
const longestName = 64 - "mcp__containarium__".length;
/** OpenAI's limit. */
const longestDescription = 1_024;
/** Grammar compilers unroll bounds. */
const largestBound = 2_000;
/** OpenAI's strict mode. */
const deepest = 5;

/** Returns what is wrong with a tool, a line each. */
export function toolFaults(
  { name, description, inputSchema, outputSchema }: {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: object;
    readonly outputSchema: object;
  },
): readonly string[] {
  const isNamed = /^[a-zA-Z][a-zA-Z0-9_-]*$/.test(name) && name.length <= longestName;
  return [
    ...(isNamed ? [] : [`${name} is no name for every client`]),
    ...(description.length <= longestDescription ? [] : [`${name}: a long description`]),
    ...topFaults(inputSchema, undefined, `${name}(`),
    ...schemaFaults(inputSchema, "input", `${name}(`, 0),
    ...topFaults(outputSchema, false, `${name} →`),
    ...schemaFaults(outputSchema, "output", `${name} →`, 0),
  ];
}

function topFaults(schema: object, rest: false | undefined, where: string): readonly string[] {
  const facts: Readonly<Record<string, unknown>> = { ...schema };
  const isObject = facts.type === "object" && isSchema(facts.properties);
  return [
    ...(isObject ? [] : [`${where}: the top is no object with properties`]),
    ...(facts.additionalProperties === rest
      ? []
      : [`${where}: the top is ${rest === false ? "open" : "not open"}`]),
  ];
}

/** Returns what is wrong with a schema and those in it. */
export function schemaFaults(
  schema: object,
  kind: SchemaKind,
  where: string,
  depth: number,
): readonly string[] {
  const facts: Readonly<Record<string, unknown>> = { ...schema };
  const keywords = kind === "input" ? inputKeywords : outputKeywords;
  const strange = Object.keys(facts).filter((keyword) => !keywords.has(keyword));
  return [
    ...strange.map((keyword) => `${where}: ${keyword}`),
    ...(depth <= deepest ? [] : [`${where}: nested ${depth} deep`]),
    ...typeFaults(facts, where),
    ...valueFaults(facts, where),
    ...(kind === "input" ? [...boundFaults(facts, where), ...mapFaults(facts, where)] : []),
    ...propertyFaults(facts, kind, where, depth),
    ...itemFaults(facts, kind, where, depth),
  ];
}

function typeFaults({ type, format }: Readonly<Record<string, unknown>>, where: string) {
  const isKnown = typeof type === "string" && types.includes(type);
  return [
    ...(isKnown ? [] : [`${where}: the type is ${JSON.stringify(type)}`]),
    // Of all formats only this is known to Gemini and OpenAI.
    ...(format === undefined || format === "date-time" ? [] : [`${where}: the format ${format}`]),
  ];
}

function valueFaults(facts: Readonly<Record<string, unknown>>, where: string): readonly string[] {
  const { enum: values, default: byDefault, description, pattern, type } = facts;
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const hasTexts = values === undefined ||
    (type === "string" && Array.isArray(values) && values.length > 0 && values.every(isText));
  const isShort = description === undefined ||
    (isText(description) && `${description}`.length <= longestDescription);
  const isPlain = pattern === undefined ||
    (typeof pattern === "string" && /^\^.*\$$/.test(pattern) &&
      !/\(\?[=!<]|\\[1-9bB]/.test(pattern));
  return [
    ...(hasTexts ? [] : [`${where}: an enum of more than texts`]),
    ...(isShort ? [] : [`${where}: no description of at most ${longestDescription} characters`]),
    ...(isPlain ? [] : [`${where}: the pattern ${pattern}`]),
    ...(fits(byDefault, type) ? [] : [`${where}: a default that is no ${type}`]),
  ];
}

function fits(value: unknown, type: unknown): boolean {
  switch (value === undefined ? undefined : type) {
    case undefined:
      return true;
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return Number.isFinite(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    default:
      return isSchema(value);
  }
}

function boundFaults(facts: Readonly<Record<string, unknown>>, where: string): readonly string[] {
  return Object.entries(facts).flatMap(([keyword, bound]) => {
    const isLength = /^(min|max)(Length|Items)$/.test(keyword);
    if (!isLength && !/^(min|max)imum$/.test(keyword)) return [];
    const isRight = typeof bound === "number" && Number.isSafeInteger(bound) &&
      (!isLength || bound <= largestBound);
    return isRight ? [] : [`${where}: ${keyword} ${bound}`];
  });
}

/** google-genai and mcp-use keep only the description of a map. What labels look like is known without one. */
function mapFaults(
  { type, properties, description }: Readonly<Record<string, unknown>>,
  where: string,
): readonly string[] {
  if (type !== "object" || properties !== undefined || where.endsWith(".labels")) return [];
  return /\{"\w+":/.test(`${description}`) ? [] : [`${where}: no example of a map`];
}

function propertyFaults(
  facts: Readonly<Record<string, unknown>>,
  kind: SchemaKind,
  where: string,
  depth: number,
): readonly string[] {
  const { properties = {}, required = [], additionalProperties: rest } = facts;
  if (!isSchema(properties)) return [`${where}: properties`];
  const names = Object.keys(properties);
  const missing = Array.isArray(required)
    ? required.filter((name) => !names.includes(name)).map((name) => `${where}: requires ${name}`)
    : [`${where}: required`];
  // google-genai for Python reads it as a schema.
  const isClosed = kind === "output" && rest === false;
  const others = rest === undefined || isClosed
    ? []
    : isSchema(rest)
    ? schemaFaults(rest, kind, `${where}*`, depth + 1)
    : [`${where}: additionalProperties ${rest}`];
  const inside = Object.entries(properties).flatMap(([name, schema]) => {
    const place = `${where}.${name}`;
    if (!isSchema(schema)) return [`${place}: no schema`];
    const isNamed = /^[a-zA-Z0-9_.-]{1,64}$/.test(name);
    return [
      ...(isNamed ? [] : [`${place}: no name for every client`]),
      ...(isDescribed(schema) ? [] : [`${place}: no description`]),
      ...schemaFaults(schema, kind, place, depth + 1),
    ];
  });
  return [...missing, ...others, ...inside];
}

/** Parts describe themselves where the whole does not. */
function isDescribed(schema: object): boolean {
  if ("description" in schema) return true;
  if ("properties" in schema) return true;
  return "items" in schema && isSchema(schema.items) && isDescribed(schema.items);
}

function itemFaults(
  { type, items }: Readonly<Record<string, unknown>>,
  kind: SchemaKind,
  where: string,
  depth: number,
): readonly string[] {
  if (type !== "array") return items === undefined ? [] : [`${where}: items without a list`];
  return isSchema(items)
    ? schemaFaults(items, kind, `${where}[]`, depth + 1)
    : [`${where}: a list without items`];
}

function isSchema(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
