import { hostAndPort, parseServerUrl, publicApi } from "../client/internal.ts";
import type { TokenOption } from "../client/mod.ts";
import type { Configured } from "./configure.ts";

/** Permissions of a process, as Deno's flags name them. */
export interface Grants {
  /** Hosts with their ports that it may reach. */
  readonly net: readonly string[];
  /** Files that it may read. */
  readonly read: readonly string[];
  /** Files that it may write. */
  readonly write: readonly string[];
}

/**
 * Returns the least that a server with a configuration works with, besides its variables.
 *
 * @param proxy The proxy that leads to the daemon, or `none`; `undefined` if it is unknown
 */
export function neededGrants({ config, files }: Configured, proxy: string | undefined): Grants {
  const { serverUrl, token, github, policyFile, recordFile, filesRead } = config;
  const policy = policyFile === undefined ? [] : [policyFile.path];
  const api = github === undefined ? [] : [hostAndPort(new URL(github.apiUrl ?? publicApi))];
  const hosts = proxy === undefined || proxy === "none" ? [] : [hostAndPort(new URL(proxy))];
  return {
    net: [hostAndPort(parseServerUrl(serverUrl)), ...api, ...hosts],
    read: [...tokenFiles(token), ...policy, ...filesRead, ...files],
    write: recordFile === undefined ? [] : [recordFile.path],
  };
}

function tokenFiles(token: TokenOption): readonly string[] {
  if (typeof token === "string") return [];
  return ["file" in token ? token.file : token.credentialsFile];
}
