import { z } from "zod";
import { SchemaNotes } from "./schema_notes.ts";

/** A map whose keys come from outside; JSON Schema shows it as any other. */
export type MapOf<V extends z.ZodType> = z.ZodType<
  Readonly<Record<string, z.output<V>>>,
  Readonly<Record<string, z.input<V>>>
>;

/** What the values of each map are. */
export const mapValues: SchemaNotes<z.ZodType> = new SchemaNotes();

/**
 * A schema for a map whose keys come from outside. `z.record` drops a key `__proto__` without a word; in
 * this one it is a key like any other.
 */
export function mapOf<V extends z.ZodType>(key: z.ZodString, value: V): MapOf<V> {
  const map = z
    .custom<Readonly<Record<string, z.input<V>>>>(
      isMap,
      'expected an object, such as {"team":"dev"}',
    )
    .transform((given, context) => {
      const read: [string, z.output<V>][] = [];
      for (const [name, each] of Object.entries(given)) {
        const faults = key.safeParse(name).error?.issues ?? [];
        const { data, error } = value.safeParse(each);
        for (const issue of [...faults, ...error?.issues ?? []]) {
          context.issues.push({ ...issue, path: [name, ...issue.path], input: undefined });
        }
        if (data !== undefined) read.push([name, data]);
      }
      // Defines each key; an assignment to `__proto__` would call a setter instead.
      return Object.fromEntries(read);
    })
    .meta({
      type: "object",
      // Made when a schema is asked for, which is not at every start.
      get propertyNames() {
        return jsonSchemaOf(key);
      },
      get additionalProperties() {
        return jsonSchemaOf(value);
      },
    });
  return mapValues.add(map, value);
}

function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return json;
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
