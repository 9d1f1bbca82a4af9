/**
 * Reads the configuration from the command line and the environment. Variables of this program are
 * validated; the vendor's are read as leniently as the vendor's server reads them.
 *
 * @module
 */
import { ContainariumError, type GitHubOptions, type TokenOption } from "../client/mod.ts";
import { certificatesIn, GitHub, parseServerUrl, tokenDoubt } from "../client/internal.ts";
import { type ConsentMode, consentModes, isBulkConcurrency } from "../server/serve_choices.ts";
import {
  expectedGrace,
  isGrace,
  selectsToolset,
  toolNames,
  type ToolSelection,
  toolsetWords,
} from "../tools/mod.ts";
import { choose, chooseBoolean, chooseSome, tolerateBoolean } from "./choices.ts";
import { checkEncryption, findDaemon } from "./daemon.ts";
import { UsageError } from "./usage_error.ts";
import { readNamedFile } from "./files.ts";
import type { PolicyFile } from "./policy_file.ts";
import type { RecordFile } from "./record_file.ts";
import type { Setting, Sources } from "./sources.ts";

/** The configuration of a server process. */
export interface Config {
  /** Name of the daemon, if it was chosen from several. */
  readonly serverName?: string | undefined;
  /** The daemon's address. */
  readonly serverUrl: string;
  /** The token, or the file that holds it. */
  readonly token: TokenOption;
  /** PEM certificates to trust besides the system's. */
  readonly caCerts: readonly string[];
  /** `Origin` header for terminals. Absent: the client's default. */
  readonly terminalOrigin?: string | undefined;
  /** Whether protocol messages and HTTP exchanges are logged. */
  readonly debug: boolean;
  /** When the user is asked before something is lost. */
  readonly consent: ConsentMode;
  /** Number of containers that the bulk tools work on at a time. Absent: the default. */
  readonly bulkConcurrency?: number | undefined;
  /** The selected tools. */
  readonly selection: ToolSelection;
  /** For how long deleted containers can be recovered, where the policy file does not say. Absent: not at all. */
  readonly deleteGrace?: string | undefined;
  /** The file with templates and quotas. */
  readonly policyFile?: PolicyFile | undefined;
  /** The file that changes are recorded in. */
  readonly recordFile?: RecordFile | undefined;
  /** How to reach GitHub. Absent: there is no token for it, or no tool that needs it. */
  readonly github?: GitHubOptions | undefined;
  /** Files that are not read again. */
  readonly filesRead: readonly string[];
  /** Warnings for the log. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration.
 *
 * @param home The user's home, which may contain `.containarium/credentials.json`
 * @throws {ConfigError} If the address or the token is missing
 * @throws {UsageError} If one of this program's variables has an invalid value
 */
export async function readConfig(sources: Sources, home: string | undefined): Promise<Config> {
  const consent = sources.find("CONTAINARIUM_CONSENT");
  const bulkConcurrency = sources.find("CONTAINARIUM_BULK_CONCURRENCY");
  const origin = sources.find("CONTAINARIUM_TERMINAL_ORIGIN")?.value;
  const record = sources.find("CONTAINARIUM_AUDIT_FILE");
  const selection = readSelection(sources);
  const warnings: string[] = [];
  const warn = (line: string) => {
    warnings.push(line);
  };
  const debug = tolerateBoolean(sources.find("CONTAINARIUM_DEBUG"), warn) ?? false;
  const daemon = await findDaemon(sources, home);
  // Like the vendor's server: without encryption, an unusable file is no error.
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
    ...readPolicySettings(sources),
    recordFile: record === undefined ? undefined : fileOf(record),
    github: needsGitHub(selection) ? readGitHub(sources) : undefined,
    consent: consent === undefined ? "auto" : choose(consent, consentModes),
    caCerts: caFile === undefined ? [] : [await readAuthorities(caFile)],
    filesRead: caFile === undefined ? [] : [caFile],
    warnings: [...warnings, ...sources.placeholderWarnings()],
  };
}

/**
 * Reads which tools are selected.
 *
 * @throws {UsageError} If a name is none
 */
export function readSelection(sources: Sources): ToolSelection {
  const toolsets = sources.find("CONTAINARIUM_MCP_TOOLSETS");
  const tools = sources.find("CONTAINARIUM_MCP_TOOLS");
  return {
    readOnly: chooseBoolean(sources.find("CONTAINARIUM_MCP_READ_ONLY")) ?? false,
    toolsets: toolsets === undefined ? undefined : chooseSome(toolsets, toolsetWords),
    tools: tools === undefined ? undefined : chooseSome(tools, toolNames),
  };
}

/**
 * Reads where the policy is: the file, and what stands in for a part of it.
 *
 * @throws {UsageError} If a value is invalid
 */
export function readPolicySettings(
  sources: Sources,
): Pick<Config, "policyFile" | "deleteGrace"> {
  const policy = sources.find("CONTAINARIUM_CONFIG");
  const grace = sources.find("CONTAINARIUM_DELETE_GRACE");
  return {
    deleteGrace: grace === undefined ? undefined : readGrace(grace),
    policyFile: policy === undefined ? undefined : fileOf(policy),
  };
}

/** Warns about a truncated token, for which the daemon would only answer 401. */
function checkToken(token: TokenOption, warn: (line: string) => void): void {
  const doubt = typeof token === "string" ? tokenDoubt(token) : undefined;
  if (doubt !== undefined) warn(`CONTAINARIUM_JWT_TOKEN may not be a token: ${doubt}`);
}

/** Whoever has no use for runners has a token for something else in GITHUB_TOKEN. */
function needsGitHub(selection: ToolSelection): boolean {
  return selectsToolset(selection, "runners");
}

function readGitHub(sources: Sources): GitHubOptions | undefined {
  const token = sources.find("GITHUB_TOKEN");
  const apiUrl = sources.find("GITHUB_API_URL");
  if (token === undefined) return undefined;
  const github = { token: token.value, apiUrl: apiUrl?.value };
  try {
    new GitHub(github, () => {});
    return github;
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    throw new UsageError(`${apiUrl?.label ?? token.label}: ${error.message}`);
  }
}

function fileOf({ value: path, label }: Setting): PolicyFile & RecordFile {
  return { path, label: `${label} ${path}` };
}

function readBulkConcurrency({ label, value }: Setting): number {
  const count = Number(value);
  if (isBulkConcurrency(count)) return count;
  throw new UsageError(`${label} "${value}": expected a number from 1 to 10`);
}

function readGrace({ label, value }: Setting): string {
  if (isGrace(value)) return value;
  throw new UsageError(`${label} "${value}": ${expectedGrace}`);
}

/** The daemon compares it byte for byte with its allowed origins. */
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

/** Printed before the reason if the configuration is unusable. */
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
