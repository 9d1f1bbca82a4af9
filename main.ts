/**
 * The MCP server for Containarium: reads its configuration from the environment and serves on
 * stdin and stdout.
 *
 * @module
 */
import { type Config, ConfigError, readConfig, usage } from "./cli/config.ts";
import { stderrLogger } from "./cli/log.ts";
import { ContainariumClient, ContainariumError, type Logger } from "./client/mod.ts";
import { serve, standardStreams } from "./server/mod.ts";
import { registry } from "./tools/mod.ts";

/** Serves until stdin ends; resolves to the exit code. */
async function main(): Promise<number> {
  const bootLog = stderrLogger({ debug: false, redact: (text) => text });
  let config: Config;
  let client: ContainariumClient;
  let log: Logger = bootLog;
  try {
    config = readConfig((name) => Deno.env.get(name));
    client = new ContainariumClient({
      ...config,
      log: (level, message) => log(level, message),
    });
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof ContainariumError)) throw error;
    bootLog("error", `${usage}\n${error.message}`);
    return 1;
  }
  log = stderrLogger({ debug: config.debug, redact: (text) => client.redact(text) });
  log("info", "Starting Containarium MCP Server");
  log("info", `Server URL: ${config.serverUrl}`);
  log("info", `Debug mode: ${config.debug}`);
  for (const warning of config.warnings) log("warning", warning);
  await serve({ ...standardStreams(), client, tools: registry, log });
  return 0;
}

// Nothing that is still under way may keep the process after stdin has ended.
if (import.meta.main) Deno.exit(await main());
