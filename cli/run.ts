/**
 * Runs the program: reads the command line, the environment and files, then serves.
 *
 * @module
 */
import { ContainariumClient, ContainariumError, type Logger, version } from "../client/mod.ts";
import { isLoopback, parseServerUrl, withoutSecrets } from "../client/internal.ts";
import type { ServeOptions } from "../server/serve_options.ts";
import { serve } from "../server/server.ts";
import { activeTools } from "../tools/mod.ts";
import { type CommandLine, help, readCommandLine } from "./command_line.ts";
import { usage } from "./config.ts";
import { configure } from "./configure.ts";
import { environmentProxy, unknownProxy } from "./environment_proxy.ts";
import { ConfigError, UsageError } from "./usage_error.ts";
import { lineLogger } from "./stderr_log.ts";
import type { GivenUp } from "./permissions.ts";
import { openPolicy } from "./policy_file.ts";
import { openRecord } from "./record_file.ts";
import { withRemedy } from "./remedies.ts";
import { Environment, type ReadVariable } from "./sources.ts";

/** The environment and streams of a command: those of the process, or of a test. */
export interface CommandContext extends Pick<ServeOptions, "input" | "write"> {
  /** Reads an environment variable. */
  readonly readVariable: ReadVariable;
  /** Writes a log line, including its newline. */
  readonly writeLog: (line: string) => void;
  /** Revokes permissions that are no longer needed; returns lines for the debug log. */
  readonly giveUpPermissions: (unneeded: GivenUp) => Promise<readonly string[]>;
}

/** Until the token is known, removes everything that looks like one: it may be in the wrong place. */
function bootLogger({ writeLog: write }: CommandContext): Logger {
  return lineLogger({ debug: false, redact: withoutSecrets, write });
}

/** Runs the command; resolves to the exit code. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const bootLog = bootLogger(context);
  try {
    const command = readCommandLine(args);
    switch (command.kind) {
      case "help":
        await print(help, context);
        return 0;
      case "version":
        await print(`${version}\n`, context);
        return 0;
      case "serve":
        await start(command, context, bootLog);
        return 0;
    }
  } catch (error) {
    if (error instanceof UsageError) {
      bootLog("error", error.message);
      return 2;
    }
    if (error instanceof ConfigError) {
      bootLog("error", `${usage}\n${error.message}`);
      return 1;
    }
    if (error instanceof ContainariumError) {
      bootLog("error", withRemedy(error));
      return 1;
    }
    throw error;
  }
}

/** Serves until stdin ends. */
async function start(
  { variables }: Extract<CommandLine, { kind: "serve" }>,
  context: CommandContext,
  bootLog: Logger,
): Promise<void> {
  const environment = new Environment(context.readVariable);
  const { config: read, files } = await configure(variables, environment, bootLog).finally(() => {
    // An unreadable variable counts as not set, which may be the cause.
    for (const warning of environment.deniedWarnings()) bootLog("warning", warning);
  });
  const proxy = await environmentProxy(parseServerUrl(read.serverUrl), environment);
  const { debug, selection, warnings, consent, bulkConcurrency, serverName, ...rest } = read;
  const { filesRead, policyFile, recordFile, ...config } = rest;
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
  const policy = await openPolicy(policyFile, log);
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
    serverUrl: config.serverUrl,
    bulkConcurrency,
  });
}

/** Prints for a user, before the protocol starts. A closed stdout is no error. */
async function print(text: string, { write }: CommandContext): Promise<void> {
  try {
    await write(new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
