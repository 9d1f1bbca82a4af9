import { howToGrant } from "../../tools/mod.ts";
import type { Grants } from "../needed_grants.ts";
import type { Environment } from "../sources.ts";
import { type Check, failed, ok, warning } from "./check.ts";

const NAME = "permissions";

/** Returns what this process may read of the environment. */
export function environmentCheck(names: readonly string[], environment: Environment): Check {
  for (const name of names) environment.read(name);
  const denied = names.filter((name) => environment.isDenied(name));
  if (denied.length === 0) return ok(NAME, `all ${names.length} variables may be read`);
  return warning(
    NAME,
    `not granted, so they count as not set: ${denied.join(", ")}`,
    Deno.build.standalone
      ? "build it again with make build-mcp"
      : `start it with --allow-env=${names.join(",")}`,
  );
}

/** Returns a line for each host to reach and each file to read or write, and one for what is too much. */
export async function grantChecks({ net, read, write }: Grants): Promise<readonly Check[]> {
  const needed = [
    ...net.map((host) =>
      grantCheck(`reach ${host}`, { name: "net", host }, howToGrant("it", { net: host }))
    ),
    ...read.map((path) =>
      grantCheck(`read ${path}`, { name: "read", path }, howToGrant("it", { read: path }))
    ),
    ...write.map((path) =>
      grantCheck(`write ${path}`, { name: "write", path }, howToGrant("it", { write: path }))
    ),
  ];
  return [...await Promise.all(needed), ...await tooWide()];
}

async function grantCheck(
  what: string,
  permission: Deno.PermissionDescriptor,
  how: string,
): Promise<Check> {
  const { state } = await Deno.permissions.query(permission);
  return state === "granted" ? ok(NAME, `may ${what}`) : failed(NAME, `may not ${what}`, how);
}

/** What the server never needs. A model that got around its guards could use it. */
async function tooWide(): Promise<readonly Check[]> {
  const names = ["read", "write", "run", "ffi"] as const;
  const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
  const wide = names.filter((_, at) => states[at]?.state === "granted");
  if (wide.length === 0) return [];
  return [warning(
    NAME,
    `wider than needed: ${wide.map((name) => `--allow-${name}`).join(", ")}`,
    "leave out what names no file or host, and -A; docs/configuration.md has the flags",
  )];
}
