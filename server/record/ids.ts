import { withoutSecrets } from "../../client/internal.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { RecordEntry } from "./record_entry.ts";

const idPattern = /^[\w.:/@+-]{1,128}$/;
const MAX_IDS = 10;
const MAX_RESULTS = 100;

/** Returns what a result calls what was made or changed: ids, names of containers and snapshots. */
export function idsIn(output: JsonObject): Pick<RecordEntry, "ids" | "results"> {
  const ids = Object.entries(output).flatMap(([key, value]) =>
    isObject(value)
      ? Object.entries(value).map(([inner, value]) => [`${key}.${inner}`, value] as const)
      : [[key, value] as const]
  ).filter((entry): entry is readonly [string, string] => isId(...entry)).slice(0, MAX_IDS);
  const rows = Array.isArray(output.containers) ? output.containers.filter(isObject) : [];
  const results = rows.map(({ username, result, code }) => [username, result ?? code ?? "ok"])
    .filter((row): row is [string, string] => row.every((cell) => isName(cell)))
    .slice(0, MAX_RESULTS);
  return {
    ids: ids.length === 0 ? undefined : Object.fromEntries(ids),
    results: results.length === 0 ? undefined : Object.fromEntries(results),
  };
}

function isId(key: string, value: unknown): boolean {
  return /(?:^|[._])(?:id|jti|container_name)$|^(?:container|snapshot)\.name$/.test(key) &&
    isName(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && idPattern.test(value) && withoutSecrets(value) === value;
}
