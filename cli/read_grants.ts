import { parseServerUrl } from "../client/internal.ts";
import { settingsIn } from "./command_line.ts";
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
  try {
    const configured = await configure(settingsIn(args), environment, () => {});
    const url = parseServerUrl(configured.config.serverUrl);
    return neededGrants(configured, await environmentProxy(url, environment));
  } catch {
    return undefined;
  }
}
