import metadata from "../../deno.json" with { type: "json" };
import { ContainariumClient, ContainariumError, type Logger } from "../../client/mod.ts";
import { hostAndPort, parseServerUrl, type Token, TokenStore } from "../../client/internal.ts";
import type { Given } from "../command_line.ts";
import { type Config, readConfig } from "../config.ts";
import { openSettings } from "../configure.ts";
import { environmentProxy } from "../environment_proxy.ts";
import { neededGrants } from "../needed_grants.ts";
import { withRemedy } from "../remedies.ts";
import type { Environment, Sources } from "../sources.ts";
import { ConfigError, UsageError } from "../usage_error.ts";
import { type Check, failed, skipped, warning } from "./check.ts";
import {
  appsCheck,
  eventsCheck,
  secretsCheck,
  terminalCheck,
  versionChecks,
} from "./daemon_checks.ts";
import { clockCheck, httpCheck, probe, skewOf } from "./http_checks.ts";
import { connectCheck, proxyCheck } from "./network_checks.ts";
import { environmentCheck, grantChecks } from "./permission_checks.ts";
import { policyCheck, policyParts, settingChecks, tokenSetting } from "./setting_checks.ts";
import { tlsCheck } from "./tls_check.ts";
import { tokenCheck, toolsCheck } from "./token_checks.ts";

const HOW_TO_CORRECT =
  "correct it where it was set (a flag, the client's configuration, a file): see docs/configuration.md";
/** The address and the token have no flag of their own. */
const HOW_TO_CONNECT = "set it under env in the client's configuration or in the file of " +
  "--env-file, or name a daemon of ~/.containarium/credentials.json with --server NAME: see " +
  "docs/configuration.md";

/** Milliseconds for a request of the doctor's. */
const REQUEST_MS = 5_000;

const variables: readonly string[] = metadata.permissions.default.env;
const settings = variables.filter((name) => name.startsWith("CONTAINARIUM_"));

/** Called with what takes secrets out of texts, once it is known. */
export type OnToken = (redact: (text: string) => string) => void;

/** Makes the checks in order. What depends on a check that failed is not made. */
export async function* examine(
  given: Given,
  environment: Environment,
  onToken: OnToken,
): AsyncGenerator<Check, void> {
  yield environmentCheck(variables, environment);
  const warnings: string[] = [];
  const log: Logger = (_level, line) => {
    warnings.push(line);
  };
  const read = await readSettings(given, environment, log);
  for (const line of warnings) yield warning("settings", line);
  if (read.sources !== undefined) yield* settingChecks(settings, read.sources, read.config);
  if (read.sources === undefined || read.config === undefined) {
    yield failed(
      "settings",
      read.problem,
      read.isUnset === true ? HOW_TO_CONNECT : HOW_TO_CORRECT,
    );
    return yield skipped("connection", "there is nothing to connect to");
  }
  const { config, sources } = read;
  for (const line of config.warnings) yield warning("settings", line);
  const serverUrl = parseServerUrl(config.serverUrl);
  const store = new TokenStore(config.token, serverUrl);
  const token = await tokenOf(store);
  onToken((text) => store.redact(text));
  if (token instanceof ContainariumError) {
    yield failed("token", withRemedy(token), "put a token into that file");
  } else yield tokenSetting(token, config, sources);
  const proxy = await environmentProxy(serverUrl, environment);
  yield* await grantChecks(neededGrants({ config, files: read.files }, proxy));
  if (config.policyFile !== undefined) yield await policyCheck(config.policyFile);
  yield proxyCheck(serverUrl, environment, proxy);
  const reached = yield* connectionChecks(config, serverUrl, proxy);
  if (reached === undefined) {
    return yield skipped("daemon", "it was not reached, so nothing else is known");
  }
  if (token instanceof ContainariumError) {
    return yield skipped("daemon", "without a token, nothing else is known");
  }
  yield* daemonChecks(config, token, proxy, reached.skewMs);
}

interface Read {
  readonly sources?: Sources | undefined;
  readonly config?: Config | undefined;
  readonly files: readonly string[];
  readonly problem: string;
  /** Whether the address or the token is not set. */
  readonly isUnset?: boolean | undefined;
}

async function readSettings(given: Given, environment: Environment, log: Logger): Promise<Read> {
  let sources: Sources | undefined;
  let files: readonly string[] = [];
  try {
    const opened = await openSettings(given.variables, environment, log);
    ({ sources, files } = opened);
    const config = await readConfig(sources, opened.home);
    // Throws for a token that cannot be one.
    new TokenStore(config.token, parseServerUrl(config.serverUrl));
    return { sources, config, files, problem: "" };
  } catch (error) {
    if (error instanceof ContainariumError) return { sources, files, problem: withRemedy(error) };
    if (error instanceof UsageError) return { sources, files, problem: error.message };
    if (error instanceof ConfigError) {
      return { sources, files, problem: error.message, isUnset: error.isUnset };
    }
    throw error;
  }
}

async function tokenOf(store: TokenStore): Promise<Token | ContainariumError> {
  try {
    return await store.current();
  } catch (error) {
    if (error instanceof ContainariumError) return error;
    throw error;
  }
}

/** Goes up from the name to HTTP; returns the difference of the clocks if a daemon answers. */
async function* connectionChecks(
  { caCerts }: Config,
  serverUrl: URL,
  proxy: string | undefined,
): AsyncGenerator<Check, { readonly skewMs: number } | undefined> {
  const { state } = await Deno.permissions.query({ name: "net", host: hostAndPort(serverUrl) });
  if (state !== "granted") return undefined;
  const connected = await connectCheck(serverUrl, proxy);
  yield connected;
  if (connected.status === "failed") return undefined;
  const probed = await probe(serverUrl, caCerts);
  const error = probed instanceof ContainariumError ? probed : undefined;
  const tls = await tlsCheck(serverUrl, error);
  if (tls !== undefined) yield tls;
  if (tls?.status === "failed") return undefined;
  const http = httpCheck(probed);
  yield http;
  if (http.status === "failed" || probed instanceof ContainariumError) return undefined;
  const clock = clockCheck(probed);
  if (clock !== undefined) yield clock;
  return { skewMs: skewOf(probed) ?? 0 };
}

async function* daemonChecks(
  config: Config,
  token: Token,
  proxy: string | undefined,
  skewMs: number,
): AsyncGenerator<Check, void> {
  const { serverUrl, caCerts, terminalOrigin, selection } = config;
  using client = new ContainariumClient({
    serverUrl,
    token: config.token,
    caCerts,
    terminalOrigin,
    environmentProxy: proxy,
    headersTimeoutMs: REQUEST_MS,
    totalTimeoutMs: REQUEST_MS,
    // What a retry would hide is what is looked for.
    maxRetries: 0,
  });
  const { check, containers } = await tokenCheck(client, token, skewMs);
  yield check;
  if (check.status === "failed") {
    return yield skipped("daemon", "without a token that it accepts, nothing else is known");
  }
  yield toolsCheck(selection, token.claims, await policyParts(config));
  yield* await versionChecks(client);
  yield await appsCheck(client);
  const [first] = containers ?? [];
  const username = first?.username ?? token.claims?.username;
  yield username === undefined
    ? skipped("secrets", "there is no container to ask for")
    : await secretsCheck(client, username);
  yield await terminalCheck(client, containers);
  await client.closeTerminals();
  yield await eventsCheck(client);
}
