/**
 * What the command line and the environment say. Ours is checked; the vendor's own variables are
 * read as leniently as the vendor's server reads them.
 *
 * @module
 */
import type { TokenOption } from "../client/mod.ts";
import { certificatesIn, parseServerUrl, tokenDoubt } from "../client/internal.ts";
import { type ConsentMode, consentModes } from "../server/consent.ts";
import { isBulkConcurrency } from "../server/create_server.ts";
import { toolNames, type ToolSelection, toolsetNames } from "../tools/mod.ts";
import { choose, chooseBoolean, chooseSome, tolerateBoolean } from "./choices.ts";
import { checkEncryption, findDaemon } from "./daemon.ts";
import { UsageError } from "./usage_error.ts";
import { readNamedFile } from "./files.ts";
import type { PolicyFile } from "./policy_file.ts";
import type { Setting, Sources } from "./sources.ts";

/** The configuration of a server process. */
export interface Config {
  /** What the daemon is called, where it was picked from several. */
  readonly serverName?: string | undefined;
  /** The daemon's address. */
  readonly serverUrl: string;
  /** The token, or where it is kept. */
  readonly token: TokenOption;
  /** Certificates of additional authorities to trust, as PEM. */
  readonly caCerts: readonly string[];
  /** The `Origin` with which terminals are opened; absent: the client's default. */
  readonly terminalOrigin?: string | undefined;
  /** Whether protocol messages and HTTP exchanges are logged. */
  readonly debug: boolean;
  /** When the user is asked before something is lost. */
  readonly consent: ConsentMode;
  /** How many containers the bulk tools work on at once; absent: the default. */
  readonly bulkConcurrency?: number | undefined;
  /** Which tools are wanted. */
  readonly selection: ToolSelection;
  /** The file with templates and quotas. */
  readonly policyFile?: PolicyFile | undefined;
  /** The files that will not be read again. */
  readonly filesRead: readonly string[];
  /** What was odd but not wrong; for stderr. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration.
 *
 * @param home The person's folder, where `.containarium/credentials.json` is looked for
 * @throws {ConfigError} When the address or the token is missing
 * @throws {UsageError} If one of this program's variables has an invalid value
 */
export async function readConfig(sources: Sources, home: string | undefined): Promise<Config> {
  const consent = sources.find("CONTAINARIUM_CONSENT");
  const toolsets = sources.find("CONTAINARIUM_MCP_TOOLSETS");
  const tools = sources.find("CONTAINARIUM_MCP_TOOLS");
  const bulkConcurrency = sources.find("CONTAINARIUM_BULK_CONCURRENCY");
  const origin = sources.find("CONTAINARIUM_TERMINAL_ORIGIN")?.value;
  const policy = sources.find("CONTAINARIUM_CONFIG");
  const selection = {
    readOnly: chooseBoolean(sources.find("CONTAINARIUM_MCP_READ_ONLY")) ?? false,
    toolsets: toolsets === undefined ? undefined : chooseSome(toolsets, toolsetNames),
    tools: tools === undefined ? undefined : chooseSome(tools, toolNames),
  };
  const warnings: string[] = [];
  const warn = (line: string) => {
    warnings.push(line);
  };
  const debug = tolerateBoolean(sources.find("CONTAINARIUM_DEBUG"), warn) ?? false;
  const daemon = await findDaemon(sources, home);
  // As the vendor's server does: the file of another set-up does not stop one without encryption.
  const caFile = parseServerUrl(daemon.serverUrl).protocol === "https:"
    ? sources.find("CONTAINARIUM_MCP_TRUSTED_CA_FILE")?.value
    : undefined;
  checkToken(daemon.token, warn);
  checkEncryption(daemon.serverUrl, sources, warn);
  return {
    ...daemon,
    debug,
    selection,
    bulkConcurrency: bulkConcurrency === undefined
      ? undefined
      : readBulkConcurrency(bulkConcurrency),
    terminalOrigin: origin === undefined ? undefined : readOrigin(origin),
    policyFile: policy === undefined ? undefined : fileOf(policy),
    consent: consent === undefined ? "auto" : choose(consent, consentModes),
    caCerts: caFile === undefined ? [] : [await readAuthorities(caFile)],
    filesRead: caFile === undefined ? [] : [caFile],
    warnings: [...warnings, ...sources.placeholderWarnings()],
  };
}

/** Otherwise the daemon would answer a bare 401 to what was cut when it was copied. */
function checkToken(token: TokenOption, warn: (line: string) => void): void {
  const doubt = typeof token === "string" ? tokenDoubt(token) : undefined;
  if (doubt !== undefined) warn(`CONTAINARIUM_JWT_TOKEN may not be a token: ${doubt}`);
}

function fileOf({ value: path, label }: Setting): PolicyFile {
  return { path, label: `${label} ${path}` };
}

function readBulkConcurrency({ label, value }: Setting): number {
  const count = Number(value);
  if (isBulkConcurrency(count)) return count;
  throw new UsageError(`${label} "${value}": expected a number from 1 to 10`);
}

/** The daemon compares it byte for byte with those that it allows. */
function readOrigin(value: string): string {
  if (URL.canParse(value) && new URL(value).origin === value) return value;
  throw new UsageError(
    `CONTAINARIUM_TERMINAL_ORIGIN "${value}": expected scheme and host, such as http://localhost:3000`,
  );
}

async function readAuthorities(path: string): Promise<string> {
  const label = `CONTAINARIUM_MCP_TRUSTED_CA_FILE ${path}`;
  const text = await readNamedFile(path, label);
  if (certificatesIn(text).length === 0) {
    throw new UsageError(
      `${label}: there is no certificate in it. Expected PEM, from -----BEGIN CERTIFICATE----- to ` +
        `-----END CERTIFICATE-----; openssl x509 -inform der -in ${path} converts a binary one`,
    );
  }
  try {
    Deno.createHttpClient({ caCerts: [text] }).close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${label}: it cannot be used: ${reason}`);
  }
  return text;
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

More: mcp-server --help
`;
