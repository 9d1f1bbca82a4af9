/**
 * What the environment says. Ours is checked; the vendor's own variables are read as leniently as
 * the vendor's server reads them.
 *
 * @module
 */

/** The configuration of a server process. */
export interface Config {
  /** The daemon's address. */
  readonly serverUrl: string;
  /** The JWT. */
  readonly token: string;
  /** Whether protocol messages and HTTP exchanges are logged. */
  readonly debug: boolean;
  /** What was odd but not wrong; for stderr. */
  readonly warnings: readonly string[];
}

/** A configuration that cannot be used. */
export class ConfigError extends Error {
  /** Always `"ConfigError"`. */
  override readonly name = "ConfigError";
}

/** Reads one variable; `undefined` when it is not set. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * Reads the configuration.
 *
 * @throws {ConfigError} When the address or the token is not set
 */
export function readConfig(read: ReadVariable): Config {
  const warnings: string[] = [];
  return {
    serverUrl: required("CONTAINARIUM_SERVER_URL", read),
    token: required("CONTAINARIUM_JWT_TOKEN", read),
    debug: readDebug(read("CONTAINARIUM_DEBUG") ?? "", warnings),
    warnings,
  };
}

function required(name: string, read: ReadVariable): string {
  const value = read(name)?.trim() ?? "";
  if (value === "") throw new ConfigError(`${name} environment variable is required`);
  // Clients leave a variable that they cannot fill in as it was written.
  if (/^\$\{.*\}$/.test(value)) {
    throw new ConfigError(
      `${name} environment variable is required: the client passed the unfilled placeholder ${value}`,
    );
  }
  return value;
}

/** The words that Go's strconv.ParseBool takes. */
function readDebug(value: string, warnings: string[]): boolean {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(value)) return true;
  if (!/^(?:|0|f|F|FALSE|false|False)$/.test(value)) {
    warnings.push(
      `CONTAINARIUM_DEBUG="${value}" is neither true nor false: debug logging stays off`,
    );
  }
  return false;
}

/** What is printed, before the reason, when the configuration cannot be used. */
export const usage = `=== Containarium MCP Server Configuration ===

Required environment variables:
  CONTAINARIUM_SERVER_URL - URL of the Containarium REST API (e.g., http://localhost:8080)
  CONTAINARIUM_JWT_TOKEN  - JWT token for authentication

Optional environment variables:
  CONTAINARIUM_DEBUG      - Enable debug logging (true/false)

Example usage:
  export CONTAINARIUM_SERVER_URL='http://localhost:8080'
  export CONTAINARIUM_JWT_TOKEN='eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...'
  mcp-server
`;
