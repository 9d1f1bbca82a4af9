import type { CallOptions } from "../async/call_options.ts";
import type { Http } from "../transport/http.ts";
import { containerPath } from "./username.ts";
import { own, readObject, readText } from "../wire.ts";

/**
 * What reaches a container. `full_isolation`: the proxy's HTTP, and no other container; `http_only`: ports 80
 * and 443; `permissive`: everything.
 */
export type Firewall = "full_isolation" | "http_only" | "permissive";

/** All firewalls. */
export const firewalls: readonly Firewall[] = ["full_isolation", "http_only", "permissive"];

const presets: Readonly<Record<string, Firewall>> = {
  ACL_PRESET_FULL_ISOLATION: "full_isolation",
  ACL_PRESET_HTTP_ONLY: "http_only",
  ACL_PRESET_PERMISSIVE: "permissive",
};

/** Reads which firewall the daemon has stored; `undefined` for none, or rules of somebody's own. */
export async function readFirewall(
  http: Http,
  username: string,
  { signal }: CallOptions,
): Promise<Firewall | undefined> {
  const answer = await http.request("GET", containerPath(username, "acl"), { signal });
  return own(presets, readText(readObject(answer.acl, "acl").preset) ?? "");
}
