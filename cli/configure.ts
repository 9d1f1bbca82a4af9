import type { Logger } from "../client/mod.ts";
import { howToGrant } from "../tools/mod.ts";
import { flagOf } from "./command_line.ts";
import { type Config, readConfig } from "./config.ts";
import { type Environment, named, type Source, Sources } from "./sources.ts";

/** The configuration, and what was read for it besides what it names. */
export interface Configured {
  /** The configuration. */
  readonly config: Config;
  /** The environment file, if there is one. */
  readonly files: readonly string[];
}

/** Where settings come from. */
export interface Settings {
  /** Flags, the environment and the environment file. */
  readonly sources: Sources;
  /** The user's home; `undefined` if unknown. */
  readonly home: string | undefined;
  /** The environment file, if there is one. */
  readonly files: readonly string[];
}

/**
 * Reads flags, the environment and the environment file.
 *
 * @param variables Values of the flags, by the variables that do the same
 * @throws {ConfigError} If the address or the token is missing
 * @throws {UsageError} If a value is invalid
 */
export async function configure(
  variables: Readonly<Record<string, string>>,
  environment: Environment,
  bootLog: Logger,
): Promise<Configured> {
  const { sources, home, files } = await openSettings(variables, environment, bootLog);
  return { config: await readConfig(sources, home), files };
}

/**
 * Opens what settings come from.
 *
 * @param variables Values of the flags, by the variables that do the same
 * @throws {UsageError} If there is an environment file that cannot be used
 */
export async function openSettings(
  variables: Readonly<Record<string, string>>,
  environment: Environment,
  bootLog: Logger,
): Promise<Settings> {
  const flags: Source = { read: (name) => variables[name], label: flagOf };
  const nearby = [flags, inEnvironment(environment)];
  const first = new Sources(nearby);
  const envFile = first.find("CONTAINARIUM_MCP_ENV_FILE");
  const home = environment.read(Deno.build.os === "windows" ? "USERPROFILE" : "HOME");
  if (envFile === undefined) return { sources: first, home, files: [] };
  for (const warning of first.placeholderWarnings()) bootLog("warning", warning);
  const { readEnvFile } = await import("./env_file.ts");
  const fromFile = await readEnvFile(envFile.value, `${envFile.label} ${envFile.value}`);
  const label = (variable: string) => `${variable} in ${envFile.value}`;
  const sources = new Sources([...nearby, { read: (name) => fromFile[name], label }]);
  return { sources, home, files: [envFile.value] };
}

function inEnvironment(environment: Environment): Source {
  return {
    ...named((name) => environment.read(name)),
    whyUnread: (variable) =>
      environment.isDenied(variable)
        ? `this process may not read it; ${howToGrant("it", { env: variable })}`
        : undefined,
  };
}
