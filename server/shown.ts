/**
 * Makes what leaves the server harmless to look at, whatever a tool forgot: the last place that text from
 * outside goes through. What tools made visible stays as it is.
 *
 * @module
 */
import { z } from "zod";
import { visibleOnce, withoutSecrets } from "../client/internal.ts";
import { isFreeText } from "../tools/mod.ts";
import { isObject, type JsonObject } from "./json.ts";

const LINES = "\n\t\u00a0";

/** Text of several lines: only what is hidden in them is made visible. */
export function shownText(text: string): string {
  return visibleOnce(text, LINES);
}

/** Text that must be one line: a message of progress, the label of a box. */
export function shownLine(text: string): string {
  return visibleOnce(text);
}

/** The text of a failure: nobody asked for a secret there. */
export function shownFailure(text: string): string {
  return withoutSecrets(shownText(text));
}

/** An output, each of its texts and keys on one line unless its schema says that it is free text. */
export function shownOutput(schema: z.ZodObject, output: JsonObject): JsonObject {
  return shownObject(schema, output);
}

function shownValue(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (typeof value === "string") {
    return formOf(schema).isFreeText ? shownText(value) : shownLine(value);
  }
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const { element } = formOf(schema);
    return value.map((each) => shownValue(element, each));
  }
  return isObject(value) ? shownObject(schema, value) : value;
}

function shownObject(schema: z.core.$ZodType | undefined, object: JsonObject): JsonObject {
  const { shape = {} } = formOf(schema);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) =>
      Object.hasOwn(shape, key)
        ? [key, shownValue(shape[key], value)]
        : [shownLine(key), shownValue(undefined, value)]
    ),
  );
}

/** What matters here of the schema of what is there. */
interface Form {
  readonly isFreeText: boolean;
  /** Of the elements of an array. */
  readonly element?: z.core.$ZodType | undefined;
  /** Of the fields of an object. */
  readonly shape?: Readonly<Record<string, z.core.$ZodType>> | undefined;
}

const formless: Form = { isFreeText: false };
/** Asking zod each time takes as long as everything else here. */
const forms = new WeakMap<z.core.$ZodType, Form>();

function formOf(schema: z.core.$ZodType | undefined): Form {
  if (schema === undefined) return formless;
  const known = forms.get(schema);
  if (known !== undefined) return known;
  const inner = unwrapped(schema);
  const form: Form = {
    isFreeText: isFreeText(inner),
    element: inner instanceof z.ZodArray ? inner.element : undefined,
    shape: inner instanceof z.ZodObject ? inner.shape : undefined,
  };
  forms.set(schema, form);
  return form;
}

/** The schema of what is there, where something may not be. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (isFreeText(schema)) return schema;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap())
    : schema;
}
