import { ContainariumError } from "../client/mod.ts";
import { parseServerUrl } from "../client/internal.ts";
import { readCommandLine, settingsIn } from "./command_line.ts";
import { configure, openSettings } from "./configure.ts";
import { environmentProxy } from "./environment_proxy.ts";
import { type Grants, neededGrants } from "./needed_grants.ts";
import type { Environment } from "./sources.ts";
import { ConfigError, UsageError } from "./usage_error.ts";

/**
 * Returns the permissions that a command line, the environment and the files they name ask for. What else is
 * wrong with a command line is left to the command.
 *
 * @returns `undefined` if the configuration cannot be used: the command says why
 */
export async function readGrants(
  args: readonly string[],
  environment: Environment,
): Promise<Grants | undefined> {
  const settings = settingsIn(args);
  try {
    if (args[0] === "audit") return await recordGrants(args, settings, environment);
    const configured = await configure(settings, environment, () => {});
    const url = parseServerUrl(configured.config.serverUrl);
    return neededGrants(configured, await environmentProxy(url, environment));
  } catch (error) {
    if (isAboutSettings(error)) return undefined;
    throw error;
  }
}

/** Anything else is a bug, which would only show as permissions that are missing. */
function isAboutSettings(error: unknown): boolean {
  return error instanceof UsageError || error instanceof ConfigError ||
    error instanceof ContainariumError;
}

/** `audit` only reads the file that the server only writes, and talks to no daemon. */
async function recordGrants(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  environment: Environment,
): Promise<Grants | undefined> {
  const { auditFlags } = await import("./audit/audit_flags.ts");
  const line = readCommandLine(args.slice(1), auditFlags, true);
  const [word] = line.kind === "run" ? line.given.words : [];
  const { sources, files } = await openSettings(settings, environment, () => {});
  const path = word ?? sources.find("CONTAINARIUM_AUDIT_FILE")?.value ?? "";
  return path === "" ? undefined : { net: [], read: [path, ...files], write: [] };
}
