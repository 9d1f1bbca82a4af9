import { ContainariumError } from "../errors.ts";
import { parseServerUrl } from "./server_url.ts";
import { readObject, readOptionalObject, readText } from "../wire.ts";

/** A daemon of which a token is filed. */
export interface FiledServer {
  /** Its address, as filed. */
  readonly url: string;
  /** What it is called: the entry's `name`, or else its host. */
  readonly name: string;
}

/** The daemons and tokens that `containarium login` filed. */
export interface CredentialsFile {
  /** The daemon that is meant when none is named. */
  readonly defaultServer: string | undefined;
  /** Every daemon. */
  readonly servers: readonly FiledServer[];
  /**
   * The token filed under an address: scheme, host and port must be equal.
   *
   * @throws {ContainariumError} `unauthenticated` when there is none
   */
  tokenFor(serverUrl: URL): string;
}

/**
 * Reads `credentials.json`: `{"default_server": URL, "servers": {URL: {"token": …, "name"?: …}}}`.
 *
 * @throws {ContainariumError} `unauthenticated` when it is not of that form
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

/** A daemon that cannot be reached over HTTP is not offered, and is in no other's way. */
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

/** A JSON error quotes the text, and with it the token. */
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
