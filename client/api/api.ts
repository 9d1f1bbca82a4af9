import { ApiPath } from "../transport/api_path.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Http, Method } from "../transport/http.ts";
import type { JsonObject } from "../wire.ts";

/** Options of a request to any endpoint. */
export interface ApiRequestOptions extends CallOptions {
  /** Query parameters by name. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /**
   * Sent as JSON, with the names of protojson: `targetPort`. The daemon refuses a key that it does not know.
   *
   * @default No body
   */
  readonly body?: JsonObject | undefined;
}

/** Any endpoint of the daemon's REST API, for what has no method of its own. */
export class Api {
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
   * Sends a request and returns the answer as the daemon wrote it: protojson, in which an int64 is a
   * string. Nothing is checked that another method checks: no quota, no protection, nothing that was
   * agreed to. A read is retried after a lost connection, a write never.
   *
   * @param segments Segments of the path below `/v1/`, not encoded: `["network", "acl-presets"]`
   * @throws {ContainariumError} `invalid_argument` for a segment that could be read as several or as
   * none, such as `..`; `ambiguous` for a write whose response was lost
   *
   * @example Which sets of firewall rules are there?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { presets } = await client.api.request("GET", ["network", "acl-presets"]);
   * assertEquals(Array.isArray(presets), true);
   * ```
   */
  async request(
    method: Method,
    segments: readonly string[],
    { query, body, ...options }: ApiRequestOptions = {},
  ): Promise<JsonObject> {
    using call = new CallDeadline(options);
    const path = new ApiPath(...segments);
    return await this.#http.request(method, path, { signal: call.signal, query, body });
  }
}
