import { ContainariumError, type JsonObject, type Method } from "../../client/mod.ts";
import { didYouMean } from "../../client/internal.ts";
import { type ApiField, type Description, type Operation, pathParameters } from "./operation.ts";

/** What is sent to the daemon. */
export interface ApiRequest {
  /** The HTTP method. */
  readonly method: Method;
  /** Segments of the path below `/v1/`, not encoded. */
  readonly segments: readonly string[];
  /** Query parameters. */
  readonly query: Readonly<Record<string, string>>;
  /** The body; absent: the operation has none. */
  readonly body?: JsonObject | undefined;
}

/**
 * Makes a request of the arguments of a call: only parameters and keys that the operation has, since the
 * daemon refuses a body for one unknown key, and ignores an unknown parameter.
 *
 * @throws {ContainariumError} `invalid_argument` for anything else
 */
export function requestOf(
  operation: Operation,
  parameters: JsonObject,
  body: JsonObject,
  types: Description["types"],
): ApiRequest {
  const { id, method, path, query } = operation;
  const inPath = pathParameters(operation);
  const known: readonly ApiField[] = [...inPath.map(textField), ...query];
  const given = new Map(
    Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => {
        const field = fieldNamed(name, known, "parameters", id);
        return [field.name, textOf(field, value, types)];
      }),
  );
  const missing = inPath.filter((name) => !given.has(name));
  if (missing.length > 0) throw unfit(`parameters.${missing.join(", ")}: missing: ${id} needs it`);
  const segments = path.split("/").map((segment) =>
    given.get(/^\{(\w+)\}$/.exec(segment)?.[1] ?? "") ?? segment
  );
  return {
    method,
    segments,
    query: Object.fromEntries([...given].filter(([name]) => !inPath.includes(name))),
    body: bodyOf(operation, body, types),
  };
}

function bodyOf(
  { id, body: fields }: Operation,
  given: JsonObject,
  types: Description["types"],
): JsonObject | undefined {
  if (fields !== undefined) return objectOf(fields, given, { path: "body", id, types });
  if (Object.keys(given).length > 0) throw unfit(`body: ${id} has no body`);
  return undefined;
}

interface Place {
  /** Path to the value, for messages. */
  readonly path: string;
  /** Operation. */
  readonly id: string;
  readonly types: Description["types"];
}

function objectOf(fields: readonly ApiField[], given: JsonObject, place: Place): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const field = fieldNamed(key, fields, place.path, place.id);
      return [field.name, valueOf(field, value, { ...place, path: `${place.path}.${field.name}` })];
    }),
  );
}

function valueOf(field: ApiField, value: unknown, place: Place): unknown {
  if (field.shape !== "list" || !Array.isArray(value)) return oneOf(field, value, place);
  return value.map((each, at) => oneOf(field, each, { ...place, path: `${place.path}.${at}` }));
}

function oneOf({ type }: ApiField, value: unknown, place: Place): unknown {
  const known = place.types.get(type);
  if (known?.kind === "enum") return enumValue(known.values, value, place.path);
  if (known?.kind === "object" && isObject(value)) return objectOf(known.fields, value, place);
  return value;
}

/** Returns the value of an enum by its whole name or by its last words in any case: `local`. */
function enumValue(values: readonly string[], given: unknown, path: string): unknown {
  if (typeof given !== "string") return given;
  const wanted = given.trim().toUpperCase().replaceAll(/[\s-]+/g, "_");
  const found = values.find((value) => value === wanted) ??
    values.find((value) => value === `${prefixOf(values)}${wanted}`);
  if (found !== undefined) return found;
  throw unfit(`${path}: expected one of ${shortValues(values).join(", ")}`);
}

/** Returns what the names of an enum's values begin with: `BACKUP_DESTINATION_`. */
function prefixOf([first = ""]: readonly string[]): string {
  return first.endsWith("UNSPECIFIED") ? first.slice(0, -"UNSPECIFIED".length) : "";
}

/** Returns an enum's values without what they all begin with, and without the unspecified one. */
export function shortValues(values: readonly string[]): readonly string[] {
  const prefix = prefixOf(values);
  return values.map((value) => value.slice(prefix.length)).filter((word) => word !== "UNSPECIFIED");
}

/** Protojson takes `target_port` for `targetPort`, and models write either. */
function fieldNamed(
  name: string,
  known: readonly ApiField[],
  path: string,
  id: string,
): ApiField {
  const found = known.find((field) => field.name === name) ??
    known.find((field) => field.name === camelCase(name));
  if (found !== undefined) return found;
  const shown = name.slice(0, MAX_NAME_CHARS);
  const names = known.map(({ name }) => name);
  throw unfit(`${path}.${shown}: ${id} has no such field; ${didYouMean(camelCase(shown), names)}`);
}

const MAX_NAME_CHARS = 100;

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function textOf(field: ApiField, value: unknown, types: Description["types"]): string {
  const known = types.get(field.type);
  const read = known?.kind === "enum"
    ? enumValue(known.values, value, `parameters.${field.name}`)
    : value;
  if (typeof read === "string" || typeof read === "number" || typeof read === "boolean") {
    return String(read);
  }
  throw unfit(`parameters.${field.name}: expected text, a number, or true or false`);
}

function textField(name: string): ApiField {
  return { name, type: "text", shape: "one" };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unfit(message: string): ContainariumError {
  return new ContainariumError("invalid_argument", message);
}
