/** Reads parameters of paths and queries as grpc-gateway does, with its errors. @module */

import { snakeCase } from "./protojson.ts";
import { GrpcError } from "./reply.ts";

/** A segment of the path that is an `int32` or `int64`. */
export function pathInteger(name: string, written: string): number {
  if (/^[+-]?\d+$/.test(written)) return Number(written);
  throw new GrpcError(
    "InvalidArgument",
    `type mismatch, parameter: ${
      snakeCase(name)
    }, error: strconv.ParseInt: parsing "${written}": invalid syntax`,
  );
}

/** A query parameter that is an enum; empty when absent. */
export function queryChoice(
  query: URLSearchParams,
  name: string,
  names: readonly string[],
): string {
  const written = query.get(name) ?? "";
  if (written === "" || names.includes(written)) return written;
  if (/^\d+$/.test(written)) return names[Number(written)] ?? written;
  throw badQuery(name, `"${written}" is not a valid value`);
}

/** A query parameter that is a `bool`. */
export function queryFlag(query: URLSearchParams, name: string): boolean {
  const written = query.get(name);
  if (written === null) return false;
  if (["1", "t", "T", "TRUE", "true", "True"].includes(written)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(written)) return false;
  throw badQuery(name, `strconv.ParseBool: parsing "${written}": invalid syntax`);
}

/** A query parameter that is a map: `name[key]=value`, repeated. */
export function queryMap(
  query: URLSearchParams,
  name: string,
  messageName: string,
): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of query) {
    const [, field, inner] = /^([^[\]]+)(?:\[(.*)\])?$/.exec(key) ?? [];
    if (field !== name && field !== snakeCase(name)) continue;
    if (inner === undefined) {
      const where = `map "containarium.v1.${messageName}.${snakeCase(name)}"`;
      throw new GrpcError(
        "InvalidArgument",
        `more than one value provided for key "${value}" in ${where}`,
      );
    }
    entries.set(inner, value);
  }
  return entries;
}

function badQuery(name: string, problem: string): GrpcError {
  return new GrpcError("InvalidArgument", `parsing field "${snakeCase(name)}": ${problem}`);
}
