import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { type AccessPreset, readAccessPreset } from "../containers/firewall.ts";
import type { Http } from "../transport/http.ts";

/**
 * Access rules of containers, the daemon's ACLs; `/v1/containers/{username}/acl`. They belong to the username:
 * they outlive the container, and a new one of its name shows them. The API cannot remove them.
 *
 * The daemon stores rules also where it cannot apply them, and shows them as if they were: only a container
 * with a static address has rules that hold.
 */
export class AccessRules {
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
   * Returns which rules the daemon shows for a container; `undefined` if none were set.
   *
   * @throws {ContainariumError} `not_found` when there is no container, even if its rules are still there
   *
   * @example Are there rules?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.accessRules.find("alice"), undefined);
   * ```
   */
  async find(username: string, options: CallOptions = {}): Promise<AccessPreset | undefined> {
    using call = new CallDeadline(options);
    return await readAccessPreset(this.#http, username, call);
  }
}
