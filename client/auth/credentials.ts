import { ContainariumError } from "../errors.ts";
import { parseServerUrl } from "./server_url.ts";
import { readObject, readOptionalObject, readText } from "../wire.ts";

/** A daemon with a token in the file. */
export interface FiledServer {
  /** Its address, as filed. */
  readonly url: string;
  /** The entry's `name`, or else its host. */
  readonly name: string;
}

/** Daemons and tokens that `containarium login` saved. */
export interface CredentialsFile {
  /** The default daemon. */
  readonly defaultServer: string | undefined;
  /** Every daemon. */
  readonly servers: readonly FiledServer[];
  /**
   * Returns the token saved for an address: scheme, host and port must match.
   *
   * @throws {ContainariumError} `unauthenticated` when there is none
   */
  tokenFor(serverUrl: URL): string;
}

/**
 * Reads `credentials.json`: `{"default_server": URL, "servers": {URL: {"token": …, "name"?: …}}}`.
 *
 * @throws {ContainariumError} `unauthenticated` if it does not have that form
 */
export function readCredentials(text: string, path: string): CredentialsFile {
  try {
    const file = readObject(JSON.parse(text), "credentials");
    const servers = readOptionalObject(file.servers, "servers") ?? {};
    const defaultServer = readText(file.default_server);
    if (defaultServer !== undefined) parseServerUrl(defaultServer);
    return {
      defaultServer,
      servers: Object.entries(servers).filter(([url]) => isAddress(url)).map((
        [url, entry],
      ) => ({ url, name: nameOf(entry) ?? new URL(url).host })),
      tokenFor: (serverUrl) => tokenFor(servers, serverUrl, path),
    };
  } catch (cause) {
    throw unusable(path, cause);
  }
}

/** An entry that is not an HTTP address is ignored. */
function isAddress(url: string): boolean {
  try {
    parseServerUrl(url);
    return true;
  } catch {
    return false;
  }
}

function nameOf(entry: unknown): string | undefined {
  const hasName = typeof entry === "object" && entry !== null && "name" in entry;
  return hasName ? readText(entry.name) : undefined;
}

/** `JSON.parse` errors quote the text, which contains tokens. */
function unusable(path: string, cause: unknown): ContainariumError {
  const why = cause instanceof ContainariumError ? problemIn(cause) : "not valid JSON";
  return new ContainariumError("unauthenticated", `Credentials file ${path}: ${why}`, {
    reason: "token_unusable",
    details: { file: path },
  });
}

function problemIn({ details: { expected, found }, message }: ContainariumError): string {
  return expected === undefined ? message : `expected ${expected}, found ${found}`;
}

function tokenFor(
  servers: Readonly<Record<string, unknown>>,
  serverUrl: URL,
  path: string,
): string {
  for (const [address, entry] of Object.entries(servers)) {
    if (!isSameOrigin(address, serverUrl)) continue;
    const token = tokenOf(entry, path);
    if (token !== undefined) return token;
  }
  throw new ContainariumError(
    "unauthenticated",
    `Credentials file ${path}: there is no token for ${serverUrl.origin}`,
    { reason: "token_unusable", details: { file: path } },
  );
}

function tokenOf(entry: unknown, path: string): string | undefined {
  try {
    return readText(readOptionalObject(entry, "server")?.token);
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function isSameOrigin(address: string, { origin }: URL): boolean {
  try {
    return new URL(address).origin === origin;
  } catch {
    return false;
  }
}
