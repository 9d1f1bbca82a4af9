/**
 * Reads arguments as models send them: several write every value as text, a list or an object as JSON,
 * and `null` or `""` for what they leave out. Whatever can be meant in one way only becomes what the
 * schema takes; the rest stays as it is, for the schema to refuse.
 *
 * @module
 */
import { z } from "zod";
import { mapValues, quantities, spellings } from "../../tools/mod.ts";
import { isObject, type JsonObject, parsed } from "../json.ts";
import { MAX_MEMBERS, membersOf } from "./too_many.ts";

type Schema = z.core.$ZodType;

/** The same value, converted to the schema's types where that is unambiguous. */
export function normalize(schema: Schema, value: unknown): unknown {
  const inner = innerOf(schema);
  if (inner !== undefined) return normalize(inner, value);
  const map = mapValues.get(schema);
  if (map !== undefined) return readMap(map, value);
  if (schema instanceof z.core.$ZodPipe) return normalize(schema._zod.def.in, value);
  if (schema instanceof z.core.$ZodObject) return readFields(schema._zod.def.shape, value);
  if (schema instanceof z.core.$ZodArray) return readList(schema._zod.def.element, value);
  if (schema instanceof z.core.$ZodBoolean) return readBoolean(value);
  if (schema instanceof z.core.$ZodNumber) return readNumber(schema, value);
  if (isText(schema)) return readText(schema, value);
  return value;
}

/** The schema inside one that only says whether a value must be there, or what takes its place. */
export function innerOf(schema: Schema): Schema | undefined {
  const isWrapper = schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault || schema instanceof z.core.$ZodReadonly;
  return isWrapper ? schema._zod.def.innerType : undefined;
}

function readFields(shape: Readonly<Record<string, Schema>>, value: unknown): unknown {
  const fields = objectIn(value);
  if (fields === undefined || membersOf(fields) > MAX_MEMBERS) return fields ?? value;
  const read = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) return [[name, value]];
    const isAbsent = field._zod.optin !== undefined &&
      (value === null || value === "" || (value === "null" && isWritten(field)));
    return isAbsent ? [] : [[name, normalize(field, value)]];
  });
  return Object.fromEntries(read);
}

/** Whether no text is a value of its own here: `"null"` is then what `null` is. */
function isWritten(schema: Schema): boolean {
  const inner = innerOf(schema);
  if (inner !== undefined) return isWritten(inner);
  if (schema instanceof z.core.$ZodEnum) return !schema._zod.values.has("null");
  return schema instanceof z.core.$ZodNumber || schema instanceof z.core.$ZodBoolean;
}

function readMap(schema: Schema, value: unknown): unknown {
  const fields = objectIn(value);
  if (fields === undefined || membersOf(fields) > MAX_MEMBERS) return fields ?? value;
  const read = Object.entries(fields)
    .map(([name, value]): [string, unknown] => [name, normalize(schema, value)]);
  return Object.fromEntries(read);
}

function objectIn(value: unknown): JsonObject | undefined {
  const object = typeof value === "string" && value.trimStart().startsWith("{")
    ? parsed(value)
    : value;
  return isObject(object) ? object : undefined;
}

function readList(element: Schema, value: unknown): unknown {
  const list = typeof value === "string" ? listIn(element, value) : value;
  if (!Array.isArray(list)) return value;
  return list.length > MAX_MEMBERS ? list : list.map((item) => normalize(element, item));
}

function listIn(element: Schema, text: string): unknown {
  if (text.trimStart().startsWith("[")) return parsed(text);
  return isText(element) && text !== "" && !mayBeSeveral(element, text) ? [text] : undefined;
}

/** Whether a text could be a list by itself: `alice,bob`. An SSH key with its comment could not. */
function mayBeSeveral(element: Schema, text: string): boolean {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  return parts.length > 1 &&
    parts.every((part) => z.core.safeParse(element, readText(element, part)).success);
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["0", false],
]);

function readBoolean(value: unknown): unknown {
  const isWord = typeof value === "string" || typeof value === "number";
  return isWord ? truths.get(String(value).trim().toLowerCase()) ?? value : value;
}

/** Plain decimals: a leading zero, an exponent or a unit may mean something else. */
function readNumber(schema: Schema, value: unknown): unknown {
  const word = typeof value === "boolean" ? String(value) : value;
  if (typeof word !== "string") return value;
  const text = (spellings.get(schema)?.(word) ?? word).trim();
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return value;
  const number = Number(text);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number + 0 : value;
}

function readText(schema: Schema, value: unknown): unknown {
  // A version or a name of 1.10 has become 1.1 by now.
  const isDoubtful = typeof value === "number" && !Number.isInteger(value) &&
    quantities.get(schema) === undefined;
  if (isDoubtful) return value;
  const text = typeof value === "number" ? textOf(value) : value;
  if (typeof text !== "string") return value;
  const spelling = spellings.get(schema)?.(text);
  if (spelling !== undefined) return spelling;
  return schema instanceof z.core.$ZodEnum ? readEnum(schema, text) : text;
}

/** Another case means the same, where no two words differ in it only. */
function readEnum(schema: z.core.$ZodEnum, text: string): string {
  if (schema._zod.values.has(text)) return text;
  const [word, other] = [...schema._zod.values].filter((word): word is string =>
    typeof word === "string" && word.toLowerCase() === text.trim().toLowerCase()
  );
  return word === undefined || other !== undefined ? text : word;
}

/** A number as text, where its digits have survived. */
function textOf(value: number): string | undefined {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return undefined;
  const text = String(value + 0);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
}

function isText(schema: Schema): boolean {
  return schema instanceof z.core.$ZodString || schema instanceof z.core.$ZodEnum ||
    schema instanceof z.core.$ZodLiteral;
}
