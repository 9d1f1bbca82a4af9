import { z } from "zod";
import { iconOf } from "./icons.ts";
import type { Tool } from "./tool.ts";

type BaseSchema = z.core.JSONSchema.BaseSchema;

/** A JSON Schema 2020-12 document whose top level is an object. */
export interface JsonSchema {
  /** Always `"object"`. */
  readonly type: "object";
  /** Fields. */
  readonly properties: Readonly<Record<string, object | boolean>>;
  /** Names of the required fields; absent if none is. */
  readonly required?: readonly string[] | undefined;
  /**
   * False: there are no other fields. Absent for arguments, since some clients cannot read it; unknown
   * arguments are rejected all the same.
   */
  readonly additionalProperties?: false | undefined;
}

/** A tool as `tools/list` returns it: plain data. */
export interface ToolDescription {
  /** `verb_noun` in snake_case. */
  readonly name: string;
  /** Title for users. */
  readonly title: string;
  /** Description for the model. */
  readonly description: string;
  /** Schema of the arguments. */
  readonly inputSchema: JsonSchema;
  /** Schema of `structuredContent`. */
  readonly outputSchema: JsonSchema;
  /** The four hints of the specification. */
  readonly annotations: {
    /** The same as the tool's title. */
    readonly title: string;
    /** Whether it changes nothing, and shows no secret. */
    readonly readOnlyHint: boolean;
    /** Whether a call may lose something. */
    readonly destructiveHint: boolean;
    /** Whether a second call with the same arguments changes nothing more. */
    readonly idempotentHint: boolean;
    /** Whether text from inside a container comes back. */
    readonly openWorldHint: boolean;
  };
  /** Icon. */
  readonly icons: readonly {
    /** The `data:` URI. */
    readonly src: string;
    /** The media type. */
    readonly mimeType: string;
    /** `any`: it is an SVG. */
    readonly sizes: readonly string[];
  }[];
}

/** Describes a tool as plain data. */
export function describeTool(tool: Tool): ToolDescription {
  const { name, title, description, effect, idempotent, reach } = tool;
  return {
    name,
    title,
    description,
    inputSchema: objectSchema(tool.input, "input"),
    outputSchema: objectSchema(tool.output, "output"),
    annotations: {
      title,
      readOnlyHint: effect === "read" && reach !== "secret",
      destructiveHint: effect === "destroy" || reach === "shell",
      idempotentHint: idempotent,
      openWorldHint: reach === "container" || reach === "shell",
    },
    icons: [iconOf(effect)],
  };
}

/**
 * Omits that a text is not empty and a number not negative, the bounds of integers, the patterns of keys, and
 * values that may be anything: they are checked, and not worth tokens.
 */
function leaveOutTruisms({ jsonSchema }: { readonly jsonSchema: BaseSchema }): void {
  const { minLength, minimum, maximum, additionalProperties } = jsonSchema;
  delete jsonSchema.propertyNames;
  const isAnything = typeof additionalProperties === "object" &&
    Object.keys(additionalProperties).length === 0;
  if (isAnything) delete jsonSchema.additionalProperties;
  if (minLength === 1) delete jsonSchema.minLength;
  if (minimum === 0 || minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** google-genai for Python cannot load a tool with `additionalProperties: false` at any depth. */
function leaveOutFalse({ jsonSchema }: { readonly jsonSchema: BaseSchema }): void {
  leaveOutTruisms({ jsonSchema });
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** Leaves `$schema` out: 2020-12 is the protocol's default dialect, and each word costs tokens. */
function objectSchema(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const { properties = {}, required } = z.toJSONSchema(schema, {
    io,
    // Maps are parsed by this package's own code, which also describes them.
    unrepresentable: "any",
    override: io === "input" ? leaveOutFalse : leaveOutTruisms,
  });
  const known = { type: "object" as const, properties, required };
  return io === "input" ? known : { ...known, additionalProperties: false };
}
