import { howToGrant } from "../../tools/mod.ts";
import type { Config } from "../config.ts";
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

/** Returns whether the daemon may be reached, a line for each file that is named, and what is too much. */
export async function grantChecks(
  { token, policyFile, recordFile, filesRead }: Pick<
    Config,
    "token" | "policyFile" | "recordFile" | "filesRead"
  >,
  host: string,
): Promise<readonly Check[]> {
  const tokenFile = typeof token === "string"
    ? []
    : ["file" in token ? token.file : token.credentialsFile];
  const read = [...tokenFile, ...(policyFile === undefined ? [] : [policyFile.path]), ...filesRead];
  return [
    await grantCheck(`reach ${host}`, { name: "net", host }, howToGrant("it", { net: host })),
    ...await Promise.all(
      read.map((path) =>
        grantCheck(`read ${path}`, { name: "read", path }, howToGrant("it", { read: path }))
      ),
    ),
    ...(recordFile === undefined ? [] : [
      await grantCheck(
        `write ${recordFile.path}`,
        { name: "write", path: recordFile.path },
        howToGrant("it", { write: recordFile.path }),
      ),
    ]),
    ...await tooWide(),
  ];
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
