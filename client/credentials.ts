import { ContainariumError } from "./errors.ts";
import { readObject, readOptionalObject, readText } from "./wire.ts";

/** The daemons and tokens that `containarium login` filed. */
export interface CredentialsFile {
  /** The daemon that is meant when none is named. */
  readonly defaultServer: string | undefined;
  /** Every daemon's address, as filed. */
  readonly servers: readonly string[];
  /**
   * The token filed under an address: scheme, host and port must be equal.
   *
   * @throws {ContainariumError} `unauthenticated` when there is none
   */
  tokenFor(serverUrl: URL): string;
}

/**
 * Reads `credentials.json`: `{"default_server": URL, "servers": {URL: {"token": …}}}`.
 *
 * @throws {ContainariumError} `unauthenticated` when it is not of that form
 */
export function readCredentials(text: string, path: string): CredentialsFile {
  try {
    const file = readObject(JSON.parse(text), "credentials");
    const servers = readOptionalObject(file.servers, "servers") ?? {};
    return {
      defaultServer: readText(file.default_server),
      servers: Object.keys(servers),
      tokenFor: (serverUrl) => tokenFor(servers, serverUrl, path),
    };
  } catch (cause) {
    // A JSON error quotes the text, and with it the token.
    const reason = cause instanceof ContainariumError ? cause.message : "not valid JSON";
    throw new ContainariumError("unauthenticated", `Credentials file ${path}: ${reason}`);
  }
}

function tokenFor(
  servers: Readonly<Record<string, unknown>>,
  serverUrl: URL,
  path: string,
): string {
  for (const [address, entry] of Object.entries(servers)) {
    if (!isSameOrigin(address, serverUrl)) continue;
    const token = readText(readOptionalObject(entry, "server")?.token);
    if (token !== undefined) return token;
  }
  throw new ContainariumError(
    "unauthenticated",
    `Credentials file ${path}: no token is filed under ${serverUrl.origin}`,
  );
}

function isSameOrigin(address: string, { origin }: URL): boolean {
  try {
    return new URL(address).origin === origin;
  } catch {
    return false;
  }
}
