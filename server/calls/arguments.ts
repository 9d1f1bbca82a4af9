/**
 * A call's arguments: read leniently, then held to the tool's schema.
 *
 * @module
 */
import { z } from "zod";
import { nearest, visible } from "../../client/internal.ts";
import { adviseArgument } from "../../tools/mod.ts";
import { isObject } from "../json.ts";
import { innerOf, normalize } from "./normalize.ts";
import { tooMany } from "./too_many.ts";

/** What a call's arguments are. */
export type Arguments<Input extends z.ZodObject> =
  | { readonly kind: "fit"; readonly args: z.output<Input> }
  /** A line for each fault, with its path, so that a model can repair it. */
  | { readonly kind: "unfit"; readonly faults: string };

/** Reads the arguments of a call as its schema has them. */
export function readArguments<Input extends z.ZodObject>(
  schema: Input,
  given: unknown,
): Arguments<Input> {
  const input = normalize(schema, given);
  const excess = tooMany(input);
  if (excess !== undefined) return { kind: "unfit", faults: visible(excess) };
  const parsed = schema.safeParse(input);
  if (parsed.success) return { kind: "fit", args: parsed.data };
  const { issues } = parsed.error;
  const lines = issues.slice(0, MAX_FAULTS).map((issue) => describe(issue, schema, input));
  const more = issues.length - lines.length;
  return { kind: "unfit", faults: [...lines, ...more > 0 ? [`and ${more} more`] : []].join("\n") };
}

const MAX_FAULTS = 20;
const MAX_KEYS = 10;
const MAX_KEY_CHARS = 100;
const MAX_LINE_CHARS = 600;

function describe(issue: z.core.$ZodIssue, schema: z.ZodObject, input: unknown): string {
  const path = issue.path.map((step) => briefly(String(step))).join(".");
  const line = issue.code === "unrecognized_keys"
    ? describeUnknown(issue.keys, path, fieldsAt(schema, issue.path))
    : `${path === "" ? "arguments" : path}: ${faultOf(issue, valueAt(input, issue.path))}${
      writingOf(issue, schema, input)
    }`;
  return visible(line.slice(0, MAX_LINE_CHARS));
}

function describeUnknown(
  keys: readonly string[],
  path: string,
  known: readonly string[],
): string {
  const shown = keys.slice(0, MAX_KEYS);
  const names = shown.map((key) => `${path === "" ? "" : `${path}.`}${briefly(key)}`).join(", ");
  const advice = shown.map((key) => adviseArgument(key, known)).filter((text) =>
    text !== undefined
  );
  const meant = shown.filter((key) => adviseArgument(key, known) === undefined)
    .map((key) => nearest(key, known)).filter((name) => name !== undefined);
  const hint = meant.length === 0 ? "" : `did you mean ${meant.join(", ")}? `;
  const all = known.length === 0 ? "it takes no arguments" : `known: ${known.join(", ")}`;
  return [`${names}: unknown argument`, ...advice, `${hint}${all}`].join("; ");
}

/** What was expected, and what came: its kind only, since a text may be a secret. */
function faultOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_type") {
    return boundOf(issue) ?? issue.message.replace(/^Invalid (?:input|option): /, "");
  }
  const expected = expectedWords[issue.expected] ?? issue.expected;
  return value === undefined
    ? `missing: expected ${expected}`
    : `expected ${expected}, got ${kindOf(value)}`;
}

/** A bound in words, where the schema has none of its own. */
function boundOf(issue: z.core.$ZodIssue): string | undefined {
  if (!/^Too (?:small|big): /.test(issue.message)) return undefined;
  switch (issue.code) {
    case "too_small":
      return issue.minimum === 1 && issue.origin !== "number"
        ? "must not be empty"
        : `expected at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return undefined;
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " members" : "";
}

/** How to write a list of texts that came as one text. */
function writingOf(issue: z.core.$ZodIssue, schema: z.ZodObject, input: unknown): string {
  const isTextForList = issue.code === "invalid_type" && issue.expected === "array" &&
    typeof valueAt(input, issue.path) === "string" &&
    fieldsAt(schema, [...issue.path, 0]).length === 0;
  return isTextForList ? '; write it like ["ci-1","ci-2"]' : "";
}

const expectedWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "number":
      return String(value);
    case "boolean":
      return String(value);
    case "string":
      return value === "" ? "empty text" : "text";
    default:
      return "an object";
  }
}

/** The names of the fields of the object at a path. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = innerOf(schema);
  if (inner !== undefined) return fieldsAt(inner, path);
  const [step, ...rest] = path;
  if (schema instanceof z.core.$ZodArray) return fieldsAt(schema._zod.def.element, rest);
  if (!(schema instanceof z.core.$ZodObject)) return [];
  const { shape } = schema._zod.def;
  if (step === undefined) return Object.keys(shape);
  const field = typeof step === "string" && Object.hasOwn(shape, step) ? shape[step] : undefined;
  return field === undefined ? [] : fieldsAt(field, rest);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isObject(value) && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  }, input);
}

function briefly(key: string): string {
  return key.slice(0, MAX_KEY_CHARS);
}
