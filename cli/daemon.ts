/**
 * Finds the daemon and its token.
 *
 * @module
 */
import { ContainariumError, type TokenOption } from "../client/mod.ts";
import {
  type CredentialsFile,
  isLoopback,
  parseServerUrl,
  readCredentials,
  readTextFile,
} from "../client/internal.ts";
import { howToGrant } from "../tools/mod.ts";
import { chooseBoolean, tolerateBoolean } from "./choices.ts";
import { ConfigError, UsageError } from "./usage_error.ts";
import { pickServer, requireReach } from "./pick_server.ts";
import type { Setting, Sources } from "./sources.ts";

/** A daemon's address and the token for it. */
export interface DaemonConfig {
  /** The daemon's address. */
  readonly serverUrl: string;
  /** The token, or the file that holds it. */
  readonly token: TokenOption;
  /** Its name, if it was chosen from several. */
  readonly serverName?: string | undefined;
}

const PICK_VARIABLE = "CONTAINARIUM_SERVER";

const URL_VARIABLE = "CONTAINARIUM_SERVER_URL";
const TOKEN_VARIABLE = "CONTAINARIUM_JWT_TOKEN";
const TOKEN_FILE_VARIABLE = "CONTAINARIUM_JWT_TOKEN_FILE";

/**
 * Finds the daemon and its token. A configured token goes to the configured address, one from
 * `credentials.json` only to the address that it is filed under.
 *
 * @param home The user's home; `undefined` if unknown
 * @throws {ConfigError} If the address or the token is missing
 */
export async function findDaemon(
  sources: Sources,
  home: string | undefined,
): Promise<DaemonConfig> {
  const address = sources.findAny([PICK_VARIABLE, URL_VARIABLE]);
  if (address?.variable === PICK_VARIABLE) return await findPicked(address, sources, home);
  const serverUrl = address?.value;
  if (address !== undefined) checkUrl(address);
  const token = sources.findAny([TOKEN_VARIABLE, TOKEN_FILE_VARIABLE]);
  const allowShared = chooseBoolean(sources.find("CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE"));
  if (token === undefined) return await findFiled(sources, serverUrl, home);
  if (serverUrl === undefined) throw missing(URL_VARIABLE, sources);
  if (token.variable === TOKEN_VARIABLE) return { serverUrl, token: token.value };
  return { serverUrl, token: { file: token.value, allowShared: allowShared ?? false } };
}

/** Adds where the address was set, which the client does not know. */
function checkUrl({ label, value }: Setting): void {
  try {
    parseServerUrl(value);
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    throw new ContainariumError(error.code, `${label}: ${error.message}`);
  }
}

/** Finds the token of `credentials.json` for the address, or for its default daemon if there is none. */
async function findFiled(
  sources: Sources,
  given: string | undefined,
  home: string | undefined,
): Promise<DaemonConfig> {
  const lacking = given === undefined ? URL_VARIABLE : TOKEN_VARIABLE;
  if (home === undefined || home === "") throw missing(lacking, sources);
  const path = `${home}/.containarium/credentials.json`;
  const text = await readIfAllowed(path);
  if (typeof text !== "string") throw missing(lacking, sources, text.absent);
  let filed: CredentialsFile;
  try {
    filed = readCredentials(text, path);
    const serverUrl = given ?? filed.defaultServer;
    if (serverUrl === undefined) throw missing(lacking, sources, `${path} names no default_server`);
    filed.tokenFor(parseServerUrl(serverUrl));
    return { serverUrl, token: { credentialsFile: path } };
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "unauthenticated") {
      throw missing(lacking, sources, error.message);
    }
    throw error;
  }
}

/** Finds the chosen daemon in `credentials.json`, and the token that is filed under it. */
async function findPicked(
  wanted: Setting,
  sources: Sources,
  home: string | undefined,
): Promise<DaemonConfig> {
  const path = `${home ?? ""}/.containarium/credentials.json`;
  const text = await readIfAllowed(path);
  if (typeof text !== "string") {
    throw new UsageError(`${wanted.label} "${wanted.value}": ${text.absent}`);
  }
  const filed = readCredentials(text, path);
  const server = pickServer(wanted, filed);
  await requireReach(wanted, server);
  const { url: serverUrl, name: serverName } = server;
  try {
    filed.tokenFor(parseServerUrl(serverUrl));
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    throw missing(TOKEN_VARIABLE, sources, error.message);
  }
  return { serverUrl, serverName, token: { credentialsFile: path } };
}

async function readIfAllowed(path: string): Promise<string | { readonly absent: string }> {
  // Queried first: the process must not try what is not granted.
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") {
    return { absent: `${path} may not be read; ${howToGrant("it", { read: path })}` };
  }
  try {
    return await readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { absent: `there is no ${path}` };
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function missing(variable: string, sources: Sources, filed?: string): ConfigError {
  const reasons = [sources.whyUnset(variable)];
  if (variable === TOKEN_VARIABLE) {
    const why = sources.whyUnset(TOKEN_FILE_VARIABLE);
    reasons.push(`${TOKEN_FILE_VARIABLE} is not set${why === undefined ? "" : ` (${why})`}`);
  }
  const why = [...reasons, filed].filter((reason) => reason !== undefined).join("; ");
  return new ConfigError(
    `${variable} environment variable is required${why === "" ? "" : `: ${why}`}`,
    true,
  );
}

/**
 * Checks that the connection is encrypted, or does not have to be.
 *
 * @param warn Called with a warning if it is not
 * @throws {ConfigError} If it is not, and that is forbidden
 */
export function checkEncryption(
  serverUrl: string,
  sources: Sources,
  warn: (line: string) => void,
): void {
  const isAllowed = tolerateBoolean(sources.find("CONTAINARIUM_MCP_ALLOW_INSECURE"), warn);
  const { protocol, hostname } = parseServerUrl(serverUrl);
  if (protocol === "https:" || isLoopback(hostname) || isAllowed === true) return;
  const danger = `http:// to ${hostname} is not encrypted: anyone in between can read the token`;
  if (isAllowed === false) {
    throw new ConfigError(`${danger}, and CONTAINARIUM_MCP_ALLOW_INSECURE=false refuses that`);
  }
  warn(`${danger}. Use https://, or set CONTAINARIUM_MCP_ALLOW_INSECURE=true if that is intended`);
}
