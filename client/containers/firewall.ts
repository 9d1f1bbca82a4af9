import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { isGivenUp } from "../async/call_deadline.ts";
import { containerName, containerPath } from "./username.ts";
import { readList, readObject, readText, readWord } from "../wire.ts";

/**
 * What reaches a container. `full_isolation`: the proxy's HTTP, and no other container; `http_only`: ports 80
 * and 443; `permissive`: everything.
 */
export type Firewall = "full_isolation" | "http_only" | "permissive";

/** All firewalls. */
export const firewalls: readonly Firewall[] = ["full_isolation", "http_only", "permissive"];

/** A set of access rules that the daemon has ready, or rules of somebody's own. */
export type AccessPreset = Firewall | "custom";

const presets: Readonly<Record<string, AccessPreset>> = {
  ACL_PRESET_FULL_ISOLATION: "full_isolation",
  ACL_PRESET_HTTP_ONLY: "http_only",
  ACL_PRESET_PERMISSIVE: "permissive",
  ACL_PRESET_CUSTOM: "custom",
};

/** Reads which firewall the daemon has stored; `undefined` for none, or rules of somebody's own. */
export async function readFirewall(
  http: Http,
  username: string,
  call: CallOptions,
): Promise<Firewall | undefined> {
  const preset = await readAccessPreset(http, username, call);
  return preset === "custom" ? undefined : preset;
}

/** Reads which rules the daemon has stored; `undefined` for none. */
export async function readAccessPreset(
  http: Http,
  username: string,
  { signal }: CallOptions,
): Promise<AccessPreset | undefined> {
  const answer = await http.request("GET", containerPath(username, "acl"), { signal });
  return readWord(readObject(answer.acl, "acl").preset, presets);
}

/**
 * Returns whether a container has its rules; false if that is unknown. What the daemon has stored does not say
 * so: it stores rules that it cannot attach, and keeps those of a container of that name from before.
 */
export async function readIsAttached(
  http: Http,
  username: string,
  { signal }: CallOptions,
): Promise<boolean> {
  try {
    const { topology } = await http.request("GET", new ApiPath("network", "topology"), {
      query: { includeStopped: "true" },
      signal,
    });
    const nodes = readList(readObject(topology, "topology").nodes, "nodes")
      .map((node) => readObject(node, "node"));
    const node = nodes.find(({ name }) => name === containerName(username));
    return readText(node?.aclName) !== undefined;
  } catch (error) {
    // Only an administrator is shown the topology.
    if (!(error instanceof ContainariumError) || isGivenUp(error, signal)) throw error;
    return false;
  }
}
