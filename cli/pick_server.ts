import {
  type CredentialsFile,
  type FiledServer,
  hostAndPort,
  parseServerUrl,
} from "../client/internal.ts";
import { howToGrant } from "../tools/mod.ts";
import { expected } from "./choices.ts";
import { UsageError } from "./usage_error.ts";
import type { Setting } from "./sources.ts";

/**
 * Finds a daemon in `credentials.json` by address, name, host (`box:8080`) or hostname (`box`).
 *
 * @throws {UsageError} If there is none, or more than one; lists them
 */
export function pickServer({ value, label }: Setting, { servers }: CredentialsFile): FiledServer {
  const isMeant: readonly ((server: FiledServer) => boolean)[] = [
    ({ url }) => isSameAddress(url, value),
    ({ name }) => name === value,
    ({ url }) => parseServerUrl(url).host === value,
    ({ url }) => parseServerUrl(url).hostname === value,
  ];
  const found = isMeant.map((test) => servers.filter(test)).find(({ length }) => length > 0) ?? [];
  const [server, other] = found;
  if (server !== undefined && other === undefined) return server;
  const known = (found.length > 1 ? found : servers).map(({ name, url }) =>
    found.length > 1 ? url : name
  );
  const many = found.length > 1 ? "there is more than one of that name; " : "";
  throw new UsageError(`${label} "${value}": ${many}${expected(value, known)}`);
}

/**
 * Checks the permission to reach a daemon.
 *
 * @throws {UsageError} If it is missing; names the flag
 */
export async function requireReach({ label, value }: Setting, { url }: FiledServer): Promise<void> {
  const host = hostAndPort(parseServerUrl(url));
  const { state } = await Deno.permissions.query({ name: "net", host });
  if (state === "granted") return;
  throw new UsageError(
    `${label} "${value}": this process may not reach ${url}; ${howToGrant("it", { net: host })}`,
  );
}

function isSameAddress(address: string, wanted: string): boolean {
  return URL.canParse(wanted) && new URL(wanted).origin !== "null" &&
    parseServerUrl(address).origin === new URL(wanted).origin;
}
