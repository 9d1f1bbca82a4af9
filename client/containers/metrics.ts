import { ApiPath } from "../transport/api_path.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Http } from "../transport/http.ts";
import { requireUsername } from "./username.ts";
import { ContainariumError } from "../errors.ts";
import { readListOf, readNumber, readObject, readText } from "../wire.ts";

/** What a container uses. A stopped one uses nothing but its disk. */
export interface ContainerMetrics {
  /** The instance's name: `<username>-container`, or a core container's own. */
  readonly name: string;
  /** Owner; absent for the daemon's own core containers. */
  readonly username?: string | undefined;
  /** CPU time used since it started, in whole seconds. */
  readonly cpuSeconds: number;
  /** Memory in use, in bytes. */
  readonly memoryBytes: number;
  /** Peak memory since it started, in bytes. */
  readonly memoryPeakBytes: number;
  /** Disk in use, in bytes. */
  readonly diskBytes: number;
  /** Received since it started, in bytes. */
  readonly networkRxBytes: number;
  /** Sent since it started, in bytes. */
  readonly networkTxBytes: number;
  /** Processes running. */
  readonly processCount: number;
}

/** What containers use; `/v1/metrics`. */
export class Metrics {
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
   * Lists the use of every container, or only your own without the admin role; `GET /v1/metrics`.
   * It includes the daemon's own core containers.
   *
   * @throws {ContainariumError}
   *
   * @example What uses memory?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [alice] = await client.metrics.list();
   * assertEquals(alice?.username, "alice");
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly ContainerMetrics[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("metrics"), call);
    return readListOf(answer, "metrics").map(readMetrics);
  }

  /**
   * Gets the use of one container; `GET /v1/metrics/{username}`.
   *
   * @throws {ContainariumError} `not_found` when there is none
   *
   * @example How many processes run?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { processCount } = await client.metrics.get("alice");
   * assertEquals(processCount > 0, true);
   * ```
   */
  async get(username: string, options: CallOptions = {}): Promise<ContainerMetrics> {
    using call = new CallDeadline(options);
    requireUsername(username);
    const answer = await this.#http.request("GET", new ApiPath("metrics", username), call);
    const [metrics] = readListOf(answer, "metrics");
    if (metrics === undefined) {
      throw new ContainariumError("not_found", `The daemon has no metrics for ${username}`);
    }
    return readMetrics(metrics);
  }
}

function readMetrics(value: unknown): ContainerMetrics {
  const wire = readObject(value, "metrics");
  const name = readText(wire.name) ?? "";
  const username = /^(?!containarium-core-)(.+)-container$/.exec(name)?.[1];
  return {
    name,
    username,
    cpuSeconds: readNumber(wire.cpuUsageSeconds),
    memoryBytes: readNumber(wire.memoryUsageBytes),
    memoryPeakBytes: readNumber(wire.memoryPeakBytes),
    diskBytes: readNumber(wire.diskUsageBytes),
    networkRxBytes: readNumber(wire.networkRxBytes),
    networkTxBytes: readNumber(wire.networkTxBytes),
    processCount: readNumber(wire.processCount),
  };
}
