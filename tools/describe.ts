import { z } from "zod";
import { iconOf } from "./icons.ts";
import type { Tool } from "./tool.ts";

type BaseSchema = z.core.JSONSchema.BaseSchema;

/** A JSON Schema 2020-12 document whose top level is an object. */
export interface JsonSchema {
  /** Always `"object"`. */
  readonly type: "object";
  /** The fields. */
  readonly properties: Readonly<Record<string, object | boolean>>;
  /** The fields that must be there. */
  readonly required: readonly string[];
  /**
   * False: there are no others. Absent of arguments, where some clients cannot read it; others are refused
   * all the same.
   */
  readonly additionalProperties?: false | undefined;
}

/** A tool as `tools/list` tells it: plain data. */
export interface ToolDescription {
  /** `verb_noun` in snake_case. */
  readonly name: string;
  /** Title for users. */
  readonly title: string;
  /** What a model reads. */
  readonly description: string;
  /** The arguments. */
  readonly inputSchema: JsonSchema;
  /** The answer's `structuredContent`. */
  readonly outputSchema: JsonSchema;
  /** The four hints of the specification. */
  readonly annotations: {
    /** The same as the tool's title. */
    readonly title: string;
    /** Whether it changes nothing. */
    readonly readOnlyHint: boolean;
    /** Whether something is lost by it. */
    readonly destructiveHint: boolean;
    /** Whether a second call with the same arguments changes nothing more. */
    readonly idempotentHint: boolean;
    /** Whether text from inside a container comes back. */
    readonly openWorldHint: boolean;
  };
  /** Its picture, as a `data:` URI. */
  readonly icons: readonly {
    /** The `data:` URI. */
    readonly src: string;
    /** The media type. */
    readonly mimeType: string;
    /** `any`: it is drawn, not painted. */
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
      readOnlyHint: effect === "read",
      destructiveHint: effect === "destroy" || reach === "shell",
      idempotentHint: idempotent,
      openWorldHint: reach !== undefined,
    },
    icons: [iconOf(effect)],
  };
}

/** What holds of any integer, and what keys may be, is reported when it is broken: it is not worth tokens. */
function leaveOutTruisms({ jsonSchema }: { readonly jsonSchema: BaseSchema }): void {
  const { minimum, maximum } = jsonSchema;
  delete jsonSchema.propertyNames;
  if (minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** google-genai for Python cannot load a tool with `additionalProperties: false` at any depth. */
function leaveOutFalse({ jsonSchema }: { readonly jsonSchema: BaseSchema }): void {
  leaveOutTruisms({ jsonSchema });
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** Leaves `$schema` out: 2020-12 is the protocol's default dialect, and each word costs tokens. */
function objectSchema(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io,
    // A map is parsed by this package's code, and describes itself.
    unrepresentable: "any",
    override: io === "input" ? leaveOutFalse : leaveOutTruisms,
  });
  const known = { type: "object" as const, properties, required };
  return io === "input" ? known : { ...known, additionalProperties: false };
}
