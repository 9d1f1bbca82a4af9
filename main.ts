/**
 * The MCP server for Containarium: reads its configuration and serves on stdin and stdout.
 *
 * @module
 */
import { type Command, flagOf, help, readArguments } from "./cli/arguments.ts";
import { type Config, readConfig, usage } from "./cli/config.ts";
import { ConfigError, UsageError } from "./cli/errors.ts";
import { flushStderr, stderrLogger } from "./cli/log.ts";
import { giveUpPermissions } from "./cli/permissions.ts";
import { openPolicy } from "./cli/policy_file.ts";
import { Environment, named, type Source, Sources } from "./cli/sources.ts";
import { ContainariumClient, ContainariumError, type Logger, version } from "./client/mod.ts";
import { serve, standardStreams } from "./server/mod.ts";
import { activeTools } from "./tools/mod.ts";

/** Before the token is known, whatever looks like one is taken out: it may stand in the wrong place. */
const bootLog = stderrLogger({
  debug: false,
  redact: (text) => text.replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bctnr_[^\s"]+/g, "[token]"),
});

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
  const environment = new Environment();
  const { config: read, files } = await configure(variables, environment).finally(() => {
    // What may not be read counts as not set, which may be what is wrong.
    for (const warning of environment.deniedWarnings()) bootLog("warning", warning);
  });
  const { debug, selection, warnings, consent, bulkConcurrency, serverName, ...rest } = read;
  const { filesRead, policyFile, ...config } = rest;
  let log: Logger = bootLog;
  using client = new ContainariumClient({ ...config, log: (...line) => log(...line) });
  log = stderrLogger({ debug, redact: (text) => client.redact(text) });
  const tools = activeTools(selection, await client.tokenClaims());
  log("info", "Starting Containarium MCP Server");
  log("info", `Server URL: ${config.serverUrl}`);
  log("info", `Debug mode: ${debug}`);
  for (const warning of warnings) log("warning", warning);
  const policy = await openPolicy(policyFile, log);
  const given = await giveUpPermissions({ files: [...filesRead, ...files] });
  for (const line of given) log("debug", line);
  await serve({
    ...standardStreams(),
    client,
    tools,
    policy,
    consent,
    log,
    trace: debug,
    ...(serverName === undefined ? {} : { serverName }),
    ...(bulkConcurrency === undefined ? {} : { bulkConcurrency }),
  });
}

/** Reads flags, environment and environment file; tells which file that was. */
async function configure(
  variables: Readonly<Record<string, string>>,
  environment: Environment,
): Promise<{ readonly config: Config; readonly files: readonly string[] }> {
  const flags: Source = { read: (name) => variables[name], label: flagOf };
  const nearby = [flags, named((name) => environment.read(name))];
  const first = new Sources(nearby);
  const envFile = first.find("CONTAINARIUM_MCP_ENV_FILE");
  const home = environment.read(Deno.build.os === "windows" ? "USERPROFILE" : "HOME");
  if (envFile === undefined) return { config: await readConfig(first, home), files: [] };
  for (const warning of first.placeholderWarnings()) bootLog("warning", warning);
  const { readEnvFile } = await import("./cli/env_file.ts");
  const fromFile = await readEnvFile(envFile.value, `${envFile.label} ${envFile.value}`);
  const label = (variable: string) => `${variable} in ${envFile.value}`;
  const sources = new Sources([...nearby, { read: (name) => fromFile[name], label }]);
  return { config: await readConfig(sources, home), files: [envFile.value] };
}

/** Before the protocol has begun, stdout is a person's; who closes it does not want to read on. */
async function print(text: string): Promise<void> {
  try {
    await standardStreams().write(new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

// Nothing that is still under way may keep the process after stdin has ended.
if (import.meta.main) {
  const code = await main(Deno.args);
  await flushStderr();
  Deno.exit(code);
}
