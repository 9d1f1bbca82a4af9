/**
 * The MCP server for Containarium: reads its configuration and serves on stdin and stdout.
 *
 * @module
 */
import { type Command, flagOf, help, readArguments } from "./cli/arguments.ts";
import { readConfig, usage } from "./cli/config.ts";
import { ConfigError, UsageError } from "./cli/errors.ts";
import { stderrLogger } from "./cli/log.ts";
import { giveUpPermissions } from "./cli/permissions.ts";
import { Environment, named, type Source, Sources } from "./cli/sources.ts";
import { ContainariumClient, ContainariumError, type Logger, version } from "./client/mod.ts";
import { serve, standardStreams } from "./server/mod.ts";
import { activeTools } from "./tools/mod.ts";

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
async function start({ variables }: Extract<Command, { kind: "serve" }>): Promise<void> {
  const flags: Source = { read: (name) => variables[name], label: flagOf };
  const environment = new Environment();
  const nearby = [flags, named((name) => environment.read(name))];
  const envFile = new Sources(nearby).find("CONTAINARIUM_MCP_ENV_FILE");
  const fromFile = envFile === undefined
    ? {}
    : await (await import("./cli/env_file.ts")).readEnvFile(
      envFile.value,
      `${envFile.label} ${envFile.value}`,
    );
  const home = environment.read(Deno.build.os === "windows" ? "USERPROFILE" : "HOME");
  const sources = new Sources([...nearby, named((name) => fromFile[name])]);
  const { debug, selection, warnings, consent, filesRead, ...config } = await readConfig(
    sources,
    home,
  );
  let log: Logger = bootLog;
  using client = new ContainariumClient({ ...config, log: (...line) => log(...line) });
  log = stderrLogger({ debug, redact: (text) => client.redact(text) });
  const tools = activeTools(selection, await client.tokenClaims());
  log("info", "Starting Containarium MCP Server");
  log("info", `Server URL: ${config.serverUrl}`);
  log("info", `Debug mode: ${debug}`);
  for (const warning of [...warnings, ...environment.deniedWarnings()]) log("warning", warning);
  const files = envFile === undefined ? filesRead : [...filesRead, envFile.value];
  for (const line of await giveUpPermissions({ files })) log("debug", line);
  await serve({ ...standardStreams(), client, tools, consent, log });
}

/** Before the protocol has begun, stdout is a person's. */
function print(text: string): Promise<void> {
  return standardStreams().write(new TextEncoder().encode(text));
}

// Nothing that is still under way may keep the process after stdin has ended.
if (import.meta.main) Deno.exit(await main(Deno.args));
