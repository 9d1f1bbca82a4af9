import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { notAgreed } from "../containers/agreed.ts";
import { requireUsername } from "../containers/username.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readListOf } from "../wire.ts";
import { isSamePolicy, type NetworkPolicy, readNetworkPolicy } from "./network_policy.ts";

/** How to remove a policy. */
export interface RemovePolicyOptions extends CallOptions {
  /**
   * Removes only this policy; refuses if it says something else by now.
   *
   * @default The current one
   */
  readonly agreed?: NetworkPolicy | undefined;
}

/** Result of a removal. */
export interface RemovePolicyResult {
  /** The policy that was removed. Absent if the tenant had none. */
  readonly removed: NetworkPolicy | undefined;
}

/**
 * What tenants' containers may reach; `/v1/network-policies`. A policy belongs to the username, whether there
 * is a container or not. Reading needs the admin role or the scope `network-policy:read`, removing the role.
 */
export class NetworkPolicies {
  readonly #http: Http;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Lists all tenants' policies, by tenant; `GET /v1/network-policies`.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported` for a daemon that has none
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.networkPolicies.list(), []);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly NetworkPolicy[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("network-policies"), call);
    return readListOf(answer, "policies").map(readNetworkPolicy);
  }

  /**
   * Removes a tenant's policy; `DELETE /v1/network-policies/{tenant}`. If there is none, nothing is sent.
   *
   * @throws {ContainariumError} `failed_precondition` if it says something else than agreed to;
   * `permission_denied` without the admin role
   *
   * @example Remove one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { removed } = await client.networkPolicies.remove("alice");
   * assertEquals(removed, undefined);
   * ```
   */
  async remove(tenant: string, options: RemovePolicyOptions = {}): Promise<RemovePolicyResult> {
    using call = new CallDeadline(options);
    requireUsername(tenant);
    const { agreed } = options;
    const removed = (await this.list(call)).find((policy) => policy.tenant === tenant);
    if (removed === undefined) return { removed };
    if (agreed !== undefined && !isSamePolicy(removed, agreed)) {
      throw notAgreed(
        `The removal of ${tenant}'s network policy was not agreed to: it changed since`,
      );
    }
    await this.#http.request("DELETE", new ApiPath("network-policies", tenant), call);
    return { removed };
  }
}
