import { parseServerUrl } from "../client/internal.ts";
import { readCommandLine, settingsIn } from "./command_line.ts";
import { configure } from "./configure.ts";
import { environmentProxy } from "./environment_proxy.ts";
import { type Grants, neededGrants } from "./needed_grants.ts";
import type { Environment } from "./sources.ts";

/**
 * Returns the permissions that a command line, the environment and the files they name ask for. What else is
 * wrong with a command line is left to the command.
 *
 * @returns `undefined` if no daemon can be served, for whatever reason
 */
export async function readGrants(
  args: readonly string[],
  environment: Environment,
): Promise<Grants | undefined> {
  const settings = settingsIn(args);
  const named = args[0] === "audit" ? await recordIn(args, settings, environment) : [];
  try {
    const configured = await configure(settings, environment, () => {});
    const url = parseServerUrl(configured.config.serverUrl);
    const needed = neededGrants(configured, await environmentProxy(url, environment));
    return { ...needed, read: [...needed.read, ...named] };
  } catch {
    return undefined;
  }
}

/** The file that `audit` reads, which the server only writes. */
async function recordIn(
  args: readonly string[],
  { CONTAINARIUM_AUDIT_FILE: flag }: Readonly<Record<string, string>>,
  environment: Environment,
): Promise<readonly string[]> {
  const { auditFlags } = await import("./audit/audit_flags.ts");
  try {
    const line = readCommandLine(args.slice(1), auditFlags, true);
    const [word] = line.kind === "run" ? line.given.words : [];
    const path = word ?? flag ?? environment.read("CONTAINARIUM_AUDIT_FILE");
    return path === undefined || path === "" ? [] : [path];
  } catch {
    return [];
  }
}
