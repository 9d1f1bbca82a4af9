import { ContainariumClient, type Logger } from "../client/mod.ts";
import { GitHub, isLoopback, parseServerUrl, withoutSecrets } from "../client/internal.ts";
import type { ServeOptions } from "../server/serve_options.ts";
import { activeTools } from "../tools/mod.ts";
import { bootLogger } from "./boot_log.ts";
import type { CommandContext } from "./command.ts";
import type { Given } from "./command_line.ts";
import { configure } from "./configure.ts";
import { environmentProxy, unknownProxy } from "./environment_proxy.ts";
import { openPolicy } from "./policy_file.ts";
import { openRecord } from "./record_file.ts";
import { Environment } from "./sources.ts";
import { lineLogger } from "./stderr_log.ts";

/** A daemon that is configured, and all that tools are called with. */
export interface OpenDaemon extends Disposable {
  /** What tools are called with. */
  readonly options: Omit<ServeOptions, "input" | "write">;
}

/** How it is made. */
export interface OpenOptions {
  /** Called with the log once the settings are known, before anything is warned about. */
  readonly onOpen?: ((log: Logger, serverUrl: string, debug: boolean) => void) | undefined;
}

/**
 * Reads the settings of a command that works with a daemon, and gives up the permissions that only they
 * needed. Nothing is sent.
 *
 * @throws {ConfigError} If the address or the token is missing
 * @throws {UsageError} If a value or a file is unusable
 */
export async function openDaemon(
  { variables }: Given,
  context: CommandContext,
  { onOpen }: OpenOptions = {},
): Promise<OpenDaemon> {
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
  await using opened = new AsyncDisposableStack();
  const client = opened.use(
    new ContainariumClient({
      ...config,
      environmentProxy: proxy,
      log: (...line) => log(...line),
    }),
  );
  log = lineLogger({
    debug,
    redact: (text) => withoutSecrets(client.redact(text)),
    write: context.writeLog,
  });
  const tools = activeTools(selection, await client.tokenClaims());
  onOpen?.(log, config.serverUrl, debug);
  for (const warning of warnings) log("warning", warning);
  if (proxy === undefined && !isLoopback(parseServerUrl(config.serverUrl).hostname)) {
    log("warning", unknownProxy);
  }
  const policy = await openPolicy(policyFile, deleteGrace, log);
  const audit = recordFile === undefined ? undefined : await openRecord(recordFile);
  const given = await context.giveUpPermissions({ files: [...filesRead, ...files] });
  for (const line of given) log("debug", line);
  opened.move();
  return {
    options: {
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
    },
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}
