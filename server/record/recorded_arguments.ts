import { harmless, nameIn } from "../harmless_arguments.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { RecordedValue } from "./record_entry.ts";
import { withhold } from "./withheld.ts";

/** What arguments are recorded with. */
export interface ArgumentRules {
  /** The call's id. */
  readonly call: string;
  /** The tool's name. */
  readonly tool: string;
  /** JSON Schema of its arguments. */
  readonly schema: unknown;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

const MAX_ARGUMENTS_CHARS = 8_000;

/** Returns the arguments without what may be typed or secret; together they are of a bounded length. */
export async function recordedArguments(
  args: JsonObject,
  rules: ArgumentRules,
): Promise<RecordedValue> {
  const recorded = await recordedObject(args, rules.schema, rules);
  if (JSON.stringify(recorded).length <= MAX_ARGUMENTS_CHARS) return recorded;
  return await withhold(rules.call, JSON.stringify(args));
}

async function recordedObject(
  object: JsonObject,
  schema: unknown,
  rules: ArgumentRules,
): Promise<RecordedValue> {
  const { properties } = isObject(schema) ? schema : {};
  // The keys of a map, such as labels, are typed, too.
  if (!isObject(properties)) return await withhold(rules.call, JSON.stringify(object));
  const entries: [string, RecordedValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || !Object.hasOwn(properties, key)) continue;
    entries.push([key, await recordedValue(key, value, properties[key], rules)]);
  }
  return Object.fromEntries(entries);
}

async function recordedValue(
  key: string,
  value: unknown,
  schema: unknown,
  rules: ArgumentRules,
): Promise<RecordedValue> {
  const { call, tool, redact } = rules;
  const plain = harmless(key, value, schema) ?? nameIn(tool, key, value);
  if (plain !== undefined && redact(String(plain)) === String(plain)) return plain;
  if (Array.isArray(value)) {
    const { items } = isObject(schema) ? schema : {};
    return await Promise.all(value.map((item) => recordedValue(key, item, items, rules)));
  }
  if (isObject(value)) return await recordedObject(value, schema, rules);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return await withhold(call, text, key === "command");
}
