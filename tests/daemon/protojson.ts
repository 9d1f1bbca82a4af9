/** Decodes request bodies as protojson does, with its errors. @module */

import { type JsonNode, JsonSyntaxError, scanJson } from "./json_scanner.ts";
import { GrpcError } from "./reply.ts";

/** One field of a message: what it is when absent, and how to read it. */
export interface Field<T> {
  readonly absent: T;
  read(node: JsonNode, name: string, discardUnknown: boolean): T;
}

/** The fields of a message, under their camelCase names. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a message with these fields decodes to. */
export type Decoded<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** A `string`. */
export const text: Field<string> = {
  absent: "",
  read(node, name) {
    if (node.kind !== "string") throw invalid("string field", name, node);
    return node.value;
  },
};

/** A `bool`. */
export const flag: Field<boolean> = {
  absent: false,
  read(node, name) {
    if (node.kind !== "boolean") throw invalid("bool field", name, node);
    return node.value;
  },
};

/** An `int32` or `int64`, written as a number or a string. */
export function integer(kind: "int32" | "int64"): Field<number> {
  return {
    absent: 0,
    read(node, name) {
      const written = node.kind === "number" || node.kind === "string" ? String(node.value) : "";
      if (!/^-?\d+(\.0*)?([eE]\+?\d+)?$/.test(written)) throw invalid(`${kind} field`, name, node);
      return Number(written);
    },
  };
}

/** A `double`. */
export const decimal: Field<number> = {
  absent: 0,
  read(node, name) {
    if (node.kind !== "number") throw invalid("double field", name, node);
    return node.value;
  },
};

/** An enum, by name or by number; an unknown number stays a number's text. */
export function choice(names: readonly string[]): Field<string> {
  return {
    absent: names[0] ?? "",
    read(node, name) {
      if (node.kind === "string" && names.includes(node.value)) return node.value;
      if (node.kind === "number" && Number.isInteger(node.value)) {
        return names[node.value] ?? String(node.value);
      }
      throw invalid("enum field", name, node);
    },
  };
}

/** A `bytes`, written in Base64. */
export const byteField: Field<Uint8Array<ArrayBuffer>> = {
  absent: new Uint8Array(),
  read(node, name) {
    const bytes = node.kind === "string" ? bytesOf(node.value) : undefined;
    if (bytes === undefined) throw invalid("bytes field", name, node);
    return bytes;
  },
};

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return undefined;
  }
}

/** A `repeated` enum. */
export function choices(names: readonly string[]): Field<readonly string[]> {
  return {
    absent: [],
    read(node, name, discardUnknown) {
      if (node.kind !== "array") throw unexpectedToken(node);
      return node.items.map((item) => choice(names).read(item, name, discardUnknown));
    },
  };
}

/** A `repeated string`. */
export const texts: Field<readonly string[]> = {
  absent: [],
  read(node, name, discardUnknown) {
    if (node.kind !== "array") throw unexpectedToken(node);
    return node.items.map((item) => text.read(item, name, discardUnknown));
  },
};

/** A `map<string, string>`. */
export const textMap: Field<Readonly<Record<string, string>>> = {
  absent: {},
  read(node, name, discardUnknown) {
    if (node.kind !== "object") throw unexpectedToken(node);
    return Object.fromEntries(
      node.members.map((member) => [member.name, text.read(member.value, name, discardUnknown)]),
    );
  },
};

/** A `repeated` message. */
export function messages<F extends Fields>(fields: F): Field<readonly Decoded<F>[]> {
  return {
    absent: [],
    read(node, _name, discardUnknown) {
      if (node.kind !== "array") throw unexpectedToken(node);
      return node.items.map((item) => readMessage(fields, item, discardUnknown));
    },
  };
}

/** The same field, undefined when absent. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { absent: undefined, read: field.read };
}

/** A message in a field; undefined when absent. */
export function message<F extends Fields>(fields: F): Field<Decoded<F> | undefined> {
  return {
    absent: undefined,
    read: (node, _name, discardUnknown) => readMessage(fields, node, discardUnknown),
  };
}

/** Decodes a body; an empty one counts as `{}`. */
export function decodeBody<F extends Fields>(
  fields: F,
  body: string,
  discardUnknown: boolean,
): Decoded<F> {
  return readMessage(fields, scan(body), discardUnknown);
}

function scan(body: string): JsonNode | undefined {
  try {
    return scanJson(body);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new GrpcError("InvalidArgument", error.message);
    throw error;
  }
}

function readMessage<F extends Fields>(
  fields: F,
  node: JsonNode | undefined,
  discardUnknown: boolean,
): Decoded<F> {
  if (node !== undefined && node.kind !== "object") throw unexpectedToken(node);
  const values = new Map(Object.entries(fields).map(([name, field]) => [name, field.absent]));
  const seen = new Set<string>();
  for (const member of node?.members ?? []) {
    const name = jsonName(fields, member.name);
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || field === undefined) {
      if (discardUnknown) continue;
      throw badProto(member.place, `unknown field ${member.rawName}`);
    }
    if (seen.has(name)) throw badProto(member.place, `duplicate field ${member.rawName}`);
    seen.add(name);
    if (member.value.kind === "null") continue;
    values.set(name, field.read(member.value, name, discardUnknown));
  }
  // The compiler cannot see that the map has exactly the keys of F, each with its field's type.
  return Object.fromEntries(values) as Decoded<F>;
}

/** The camelCase name of a field written in camelCase or snake_case. */
function jsonName(fields: Fields, written: string): string | undefined {
  return Object.keys(fields).find((name) => name === written || snakeCase(name) === written);
}

/** As the proto file writes it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function badProto(place: string, problem: string): GrpcError {
  return new GrpcError("InvalidArgument", `proto: (${place}): ${problem}`);
}

function invalid(kind: string, name: string, node: JsonNode): GrpcError {
  if (node.kind === "array" || node.kind === "object") return unexpectedToken(node);
  return badProto(node.place, `invalid value for ${kind} ${name}: ${node.raw}`);
}

function unexpectedToken(node: JsonNode): GrpcError {
  const token = node.kind === "object" || node.kind === "array" ? node.raw[0] : node.raw;
  return new GrpcError(
    "InvalidArgument",
    `proto: syntax error (${node.place}): unexpected token ${token}`,
  );
}
