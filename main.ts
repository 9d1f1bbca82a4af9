/**
 * The MCP server for Containarium: reads its configuration and serves on stdin and stdout.
 *
 * @module
 */
import { type Command, help, readArguments, UsageError } from "./cli/arguments.ts";
import { ConfigError, readConfig, usage } from "./cli/config.ts";
import { stderrLogger } from "./cli/log.ts";
import { ContainariumClient, ContainariumError, type Logger, version } from "./client/mod.ts";
import { serve, standardStreams } from "./server/mod.ts";
import { registry } from "./tools/mod.ts";

const bootLog = stderrLogger({ debug: false, redact: (text) => text });

/** Does what the command line asks; resolves to the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const command = readArguments(args);
    switch (command.kind) {
      case "help":
        await print(help);
        return 0;
      case "version":
        await print(`${version}\n`);
        return 0;
      case "serve":
        await start(command);
        return 0;
    }
  } catch (error) {
    if (error instanceof UsageError) {
      bootLog("error", error.message);
      return 2;
    }
    if (error instanceof ConfigError || error instanceof ContainariumError) {
      bootLog("error", `${usage}\n${error.message}`);
      return 1;
    }
    throw error;
  }
}

/** Serves until stdin ends. */
async function start({ envFile, debug }: Extract<Command, { kind: "serve" }>): Promise<void> {
  const fromFile = envFile === undefined
    ? {}
    : await (await import("./cli/env_file.ts")).readEnvFile(envFile);
  const config = readConfig((name) => Deno.env.get(name) ?? fromFile[name]);
  let log: Logger = bootLog;
  using client = new ContainariumClient({ ...config, log: (...line) => log(...line) });
  log = stderrLogger({
    debug: debug || config.debug,
    redact: (text) => client.redact(text),
  });
  log("info", "Starting Containarium MCP Server");
  log("info", `Server URL: ${config.serverUrl}`);
  log("info", `Debug mode: ${debug || config.debug}`);
  for (const warning of config.warnings) log("warning", warning);
  await serve({ ...standardStreams(), client, tools: registry, log });
}

/** Before the protocol has begun, stdout is a person's. */
function print(text: string): Promise<void> {
  return standardStreams().write(new TextEncoder().encode(text));
}

// Nothing that is still under way may keep the process after stdin has ended.
if (import.meta.main) Deno.exit(await main(Deno.args));
