import metadata from "../../deno.json" with { type: "json" };
import { hostAndPort, parseServerUrl } from "../../client/internal.ts";
import { type Given, settingFlags } from "../command_line.ts";
import { readConfig } from "../config.ts";
import { type Configured, openSettings } from "../configure.ts";
import { environmentProxy } from "../environment_proxy.ts";
import { neededGrants } from "../needed_grants.ts";
import type { Environment } from "../sources.ts";
import { named, Sources } from "../sources.ts";
import { ConfigError, UsageError } from "../usage_error.ts";
import type { Client, Server } from "./mcp_client.ts";
import { type Granted, type Launch, launchOf, type Program } from "./program.ts";
import { type Folders, inHome, quoted, thisSystem } from "./client_system.ts";

const TOKEN = "CONTAINARIUM_JWT_TOKEN";
const TOKEN_FILE = "CONTAINARIUM_JWT_TOKEN_FILE";
const URL_NAME = "CONTAINARIUM_SERVER_URL";

/** Stands for the daemon's address where none is set. */
const SOME_URL = "http://your-server:8080";

/** Variables that the server may read. */
const variables: readonly string[] = metadata.permissions.default.env;

/** Variables and flags that hold the path of a file. */
const ofFiles = [
  TOKEN_FILE,
  "CONTAINARIUM_CONFIG",
  "CONTAINARIUM_AUDIT_FILE",
  "CONTAINARIUM_MCP_ENV_FILE",
  "CONTAINARIUM_MCP_TRUSTED_CA_FILE",
];

/** The settings that a client has to start the server with. */
export interface Wanted {
  /** Arguments of the server. */
  readonly args: readonly string[];
  /** Variables, none of them a secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Permissions that they need. */
  readonly granted: Granted;
  /** Where the token is: where the server finds it by itself, in a variable, or nowhere yet. */
  readonly token: "found" | "variable" | "missing";
  /** What the user should know. */
  readonly notes: readonly string[];
}

/**
 * Reads the settings that this process was given, as the server would.
 *
 * @throws {UsageError} If a value is invalid
 */
export async function readWanted(given: Given, environment: Environment): Promise<Wanted> {
  const { sources, home, files } = await openSettings(given.variables, environment, () => {});
  const { resolve } = await import("node:path");
  const notes: string[] = [];
  const set = new Sources([named((name) => environment.read(name))]);
  const env: Record<string, string> = {};
  for (const name of variables) {
    const value = name.startsWith("CONTAINARIUM_") ? set.find(name)?.value : undefined;
    if (value === undefined || name === TOKEN || name in given.variables) continue;
    env[name] = ofFiles.includes(name) ? resolve(value) : value;
  }
  let configured: Configured | undefined;
  try {
    configured = { config: await readConfig(sources, home), files };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (sources.find(URL_NAME) === undefined) {
      notes.push(`Replace ${SOME_URL} by the address of your daemon (--url sets it).`);
      env[URL_NAME] = SOME_URL;
    } else if (error.isUnset && !environment.isDenied(TOKEN)) {
      notes.push(
        "There is no token yet: containarium token generate, on the daemon's host, makes one.",
      );
    } else notes.push(`There is no token yet: ${error.message}`);
  }
  const token = configured === undefined
    ? "missing"
    : typeof configured.config.token === "string" && set.find(TOKEN) !== undefined
    ? "variable"
    : "found";
  if (token === "variable") delete env[TOKEN_FILE];
  const url = parseServerUrl(configured?.config.serverUrl ?? env[URL_NAME] ?? SOME_URL);
  if (configured?.config.github !== undefined) {
    notes.push("Set GITHUB_TOKEN as well: it is left out, as it is a secret.");
  }
  const proxy = await environmentProxy(url, environment);
  if (proxy !== undefined && proxy !== "none") addProxies(environment, env, notes);
  const granted = configured === undefined
    ? { net: [hostAndPort(url)], read: [], write: [] }
    : neededGrants(configured, proxy);
  return {
    args: argsOf(given, resolve),
    env,
    granted: {
      net: granted.net,
      read: granted.read.map((path) => resolve(path)),
      write: granted.write.map((path) => resolve(path)),
    },
    token,
    notes,
  };
}

/** A proxy's address may hold a password. */
function addProxies(
  environment: Environment,
  env: Record<string, string>,
  notes: string[],
): void {
  for (const name of variables.filter((name) => /_proxy$/i.test(name))) {
    const value = environment.read(name);
    if (value === undefined || value === "") continue;
    if (value.includes("@")) {
      notes.push(`Set ${name} as well: it is left out, as it holds a password.`);
    } else env[name] = value;
  }
}

function argsOf(
  { variables }: Given,
  resolve: (path: string) => string,
): readonly string[] {
  return Object.entries(settingFlags).flatMap(([name, { variable = "", value }]) => {
    const given = variables[variable];
    if (given === undefined) return [];
    if (value === undefined) return [`--${name}`];
    return [`--${name}`, ofFiles.includes(variable) ? resolve(given) : given];
  });
}

/** The server for a client, and what the user should know of it. */
export interface Prepared {
  /** The server. */
  readonly server: Server;
  /** Where the token comes from: sentences. */
  readonly token: string;
}

/** Returns what a client has to start, with the token in the place that suits the client. */
export function prepare(
  client: Client,
  wanted: Wanted,
  program: Program,
  folders: Folders,
  name: string,
): Prepared {
  const { system, home } = folders;
  const isTokenPassed = client.token !== undefined &&
    (wanted.token === "variable" || (wanted.token === "missing" && client.token.asks === true));
  const file = inHome(folders, ".containarium", "token");
  const needsFile = wanted.token !== "found" && !isTokenPassed;
  const isFiled = wanted.token === "found" && wanted.env[TOKEN_FILE] === undefined;
  const reference = client.token?.reference;
  const env = {
    ...wanted.env,
    ...(needsFile ? { [TOKEN_FILE]: file } : {}),
    ...(isTokenPassed && reference !== undefined ? { [TOKEN]: reference } : {}),
    ...(isFiled && client.inheritsNothing === true
      ? { [system === "windows" ? "USERPROFILE" : "HOME"]: home }
      : {}),
  };
  const { net, read, write } = wanted.granted;
  const granted = { net, read: needsFile ? [...read, file] : read, write };
  if (program.kind !== "binary") refuseCommas(granted);
  const launch = launchOf(program, granted, variables, wanted.args, system);
  return {
    server: { name, ...launch, env, isTokenPassed, system },
    token: needsFile
      ? placeToken(folders, file)
      : isTokenPassed
      ? `The token stays out of the file. ${client.token?.how}`
      : isFiled
      ? "The server finds the token by itself; none is in the file."
      : `The server reads the token from ${wanted.env[TOKEN_FILE]}.`,
  };
}

function placeToken({ system, home }: Folders, file: string): string {
  const what = `Put the token into ${file}, readable by nobody else`;
  if (system === "windows") return `${what}.`;
  const [folder, path] = [`${home}/.containarium`, file].map((path) => quoted(path, system));
  return `${what}: (umask 077; mkdir -p ${folder}; cat > ${path}), paste it, Enter, Ctrl-D.`;
}

/** Deno's flags cannot name a path or a host with a comma in it: each part would be granted instead. */
function refuseCommas({ net, read, write }: Granted): void {
  const wrong = [...net, ...read, ...write].find((name) => name.includes(","));
  if (wrong === undefined) return;
  throw new UsageError(`${wrong}: Deno cannot be granted a path or a host with a comma in it`);
}

/**
 * Returns the command line of this program for another command, with files that it may read and write.
 *
 * @throws {UsageError} If one of them cannot be granted
 */
export function commandWithFiles(
  program: Program,
  granted: Granted,
  args: readonly string[],
): Launch {
  refuseCommas(granted);
  return launchOf(program, granted, variables, args, thisSystem());
}
