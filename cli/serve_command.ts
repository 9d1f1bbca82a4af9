import { ContainariumClient, type Logger } from "../client/mod.ts";
import { GitHub, isLoopback, parseServerUrl, withoutSecrets } from "../client/internal.ts";
import { serve } from "../server/server.ts";
import { activeTools } from "../tools/mod.ts";
import { bootLogger } from "./boot_log.ts";
import type { Command, CommandContext } from "./command.ts";
import { type Given, settingFlags } from "./command_line.ts";
import { configure } from "./configure.ts";
import { environmentProxy, unknownProxy } from "./environment_proxy.ts";
import { openPolicy } from "./policy_file.ts";
import { openRecord } from "./record_file.ts";
import { Environment } from "./sources.ts";
import { lineLogger } from "./stderr_log.ts";

/** Serves MCP on stdin and stdout until stdin ends. */
export const serveCommand: Command = {
  usage: "[FLAG…]",
  about: "Serves MCP on stdin and stdout until stdin ends.",
  flags: settingFlags,
  run: async (given, context) => {
    await start(given, context);
    return 0;
  },
  notes: `Precedence: flag, then environment variable, then --env-file, then
~/.containarium/credentials.json.

Environment:
  CONTAINARIUM_SERVER_URL                      Address of the REST API, http://localhost:8080
  CONTAINARIUM_JWT_TOKEN                       The token
  CONTAINARIUM_JWT_TOKEN_FILE                  File with the token, reread when it changes
  CONTAINARIUM_CONSENT                         Ask the user before something is lost: auto
                                               (if the client can ask; default), always
                                               (refuse if it cannot), never
  CONTAINARIUM_BULK_CONCURRENCY                How many containers the bulk tools work on at
                                               once: 1 to 10 (3)
  CONTAINARIUM_TERMINAL_ORIGIN                 Origin with which terminals are opened, one of
                                               the daemon's CONTAINARIUM_ALLOWED_ORIGINS
                                               (http://localhost:3000)
  CONTAINARIUM_MCP_TRUSTED_CA_FILE             PEM file with authorities to trust besides the
                                               usual
  CONTAINARIUM_MCP_ALLOW_INSECURE              http:// to another machine: true (no warning),
                                               false (refused)
  CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE     true: others may read the token's file
  GITHUB_TOKEN, GITHUB_API_URL                 Token for the toolset runners, and where it
                                               goes (https://api.github.com)
  HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY Proxies to a daemon on another machine

Instead of true and false, 1, t, yes, y, on and 0, f, no, n, off work too, in any case.`,
};

async function start(
  { variables }: Given,
  context: CommandContext,
): Promise<void> {
  const bootLog = bootLogger(context);
  const environment = new Environment(context.readVariable);
  const { config: read, files } = await configure(variables, environment, bootLog).finally(() => {
    // An unreadable variable counts as not set, which may be the cause.
    for (const warning of environment.deniedWarnings()) bootLog("warning", warning);
  });
  const proxy = await environmentProxy(parseServerUrl(read.serverUrl), environment);
  const { debug, selection, warnings, consent, bulkConcurrency, serverName, ...rest } = read;
  const { filesRead, policyFile, deleteGrace, recordFile, github, ...config } = rest;
  let log: Logger = bootLog;
  using client = new ContainariumClient({
    ...config,
    environmentProxy: proxy,
    log: (...line) => log(...line),
  });
  log = lineLogger({
    debug,
    redact: (text) => withoutSecrets(client.redact(text)),
    write: context.writeLog,
  });
  const tools = activeTools(selection, await client.tokenClaims());
  log("info", "Starting Containarium MCP Server");
  log("info", `Server URL: ${config.serverUrl}`);
  log("info", `Debug mode: ${debug}`);
  for (const warning of warnings) log("warning", warning);
  if (proxy === undefined && !isLoopback(parseServerUrl(config.serverUrl).hostname)) {
    log("warning", unknownProxy);
  }
  const policy = await openPolicy(policyFile, deleteGrace, log);
  const audit = recordFile === undefined ? undefined : await openRecord(recordFile);
  const given = await context.giveUpPermissions({ files: [...filesRead, ...files] });
  for (const line of given) log("debug", line);
  await serve({
    input: context.input,
    write: context.write,
    client,
    tools,
    policy,
    consent,
    log,
    trace: debug,
    serverName,
    audit,
    github: github && new GitHub(github, (value) => client.keepSecret(value)),
    serverUrl: config.serverUrl,
    bulkConcurrency,
  });
}
