import type { Method } from "../../client/mod.ts";
import { once } from "../once.ts";

/** A field of a body, or a parameter. */
export interface ApiField {
  /** Its name in protojson: `targetPort`. */
  readonly name: string;
  /** `text`, `int`, `number`, `bool`, `time`, `base64`, or the name of a type. */
  readonly type: string;
  /** A list of it, a map of texts to it, or one of it. */
  readonly shape: "one" | "list" | "map";
}

/** A type of fields: an object or an enum. */
export type ApiType =
  | { readonly kind: "object"; readonly fields: readonly ApiField[] }
  | { readonly kind: "enum"; readonly values: readonly string[] };

/** An operation of the daemon's REST API. */
export interface Operation {
  /** Its name: `CreateBackup`. */
  readonly id: string;
  /** The HTTP method. */
  readonly method: Method;
  /** Path below `/v1/`, with `{name}` where a parameter goes. */
  readonly path: string;
  /** Query parameters. */
  readonly query: readonly ApiField[];
  /** Fields of the body; absent: it has none. */
  readonly body?: readonly ApiField[] | undefined;
  /** What it does, in a few words. */
  readonly summary: string;
}

/** All operations, and the types of their fields. */
export interface Description {
  /** Operations by id. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Types by name. */
  readonly types: ReadonlyMap<string, ApiType>;
}

/** Returns all operations. They are read at the first call, and take no part in the start. */
export const readDescription: () => Promise<Description> = once(async () => {
  const { description } = await import("./description.ts");
  const { beside } = await import("./beside.ts");
  return parseDescription(`${description}${beside}`);
});

const line =
  /^(?<id>\w+) (?<method>GET|POST|PUT|DELETE) (?<path>[^? ]+)(?:\?(?<query>\S+))?(?: \{(?<body>.*)\})? \| (?<summary>.*)$/;
const typeLine = /^(?<name>\w+) = (?:\{(?<fields>.*)\}|(?<values>.+))$/;

/** Reads a description: a line for each operation and type. */
export function parseDescription(text: string): Description {
  const operations = new Map<string, Operation>();
  const types = new Map<string, ApiType>();
  for (const each of text.split("\n")) {
    const operation = readOperation(each);
    if (operation !== undefined) operations.set(operation.id, operation);
    const type = readType(each);
    if (type !== undefined) types.set(type.name, type);
  }
  return { operations, types };
}

function readOperation(text: string): Operation | undefined {
  const groups = line.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { id = "", method = "", path = "", query, body, summary = "" } = groups;
  if (!isMethod(method)) return undefined;
  const fields = body === undefined ? undefined : readFields(body);
  return { id, method, path, query: readFields(query ?? ""), body: fields, summary };
}

function isMethod(text: string): text is Method {
  return text === "GET" || text === "POST" || text === "PUT" || text === "DELETE";
}

function readType(text: string): (ApiType & { readonly name: string }) | undefined {
  const groups = typeLine.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { name = "", fields, values = "" } = groups;
  return fields === undefined
    ? { kind: "enum", name, values: values.split(" ") }
    : { kind: "object", name, fields: readFields(fields) };
}

function readFields(text: string): readonly ApiField[] {
  return text.split(",").filter((part) => part !== "").map((part) => {
    const [, name = "", type = "text", shape] = /^([\w.]+)(?::(\w+))?(\[\]|\{\})?$/.exec(part) ??
      [];
    return { name, type, shape: shape === "[]" ? "list" : shape === "{}" ? "map" : "one" };
  });
}

/** Returns the names of the parameters in an operation's path, in order. */
export function pathParameters({ path }: Pick<Operation, "path">): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
