import { ApiPath } from "../transport/api_path.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Http } from "../transport/http.ts";
import {
  readList,
  readListOf,
  readNumber,
  readObject,
  readOptionalObject,
  readText,
} from "../wire.ts";
import { type CoreService, readCoreService } from "./core_service.ts";
import { type Gpu, readGpu } from "./gpu.ts";
import { readRelease, type Release } from "./release.ts";

/** A host of containers. The daemon did not report what is absent. */
export interface Host {
  /** The host's name. */
  readonly hostname?: string | undefined;
  /** Its id as a backend; absent for the host that answers. */
  readonly backendId?: string | undefined;
  /** The daemon's version; unknown before 0.22. */
  readonly daemonVersion?: string | undefined;
  /** The version of Incus under it. */
  readonly incusVersion?: string | undefined;
  /** The operating system. */
  readonly os?: string | undefined;
  /** The kernel's version. */
  readonly kernelVersion?: string | undefined;
  /** Logical CPUs. */
  readonly cpus: number;
  /** Load over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  /** Memory, in bytes. */
  readonly memoryBytes: number;
  /** Memory that is free, in bytes. */
  readonly memoryAvailableBytes: number;
  /** Disk of the storage pool, in bytes. */
  readonly diskBytes: number;
  /** Disk that is free, in bytes. */
  readonly diskAvailableBytes: number;
  /** Running containers, the daemon's own included. */
  readonly containersRunning: number;
  /** Stopped containers. */
  readonly containersStopped: number;
  /** All containers. */
  readonly containersTotal: number;
  /** The containers' network: `10.77.0.1/24`. */
  readonly networkCidr?: string | undefined;
  /** The storage driver: `dir`, `zfs`. */
  readonly storageDriver?: string | undefined;
  /** Its GPUs. */
  readonly gpus: readonly Gpu[];
  /** Where monitored containers send their metrics; absent: there is no collector. */
  readonly collectorUrl?: string | undefined;
  /** The host through which SSH reaches containers (sentinel); absent: they are reached directly. */
  readonly sshIngressHost?: string | undefined;
}

/** The host that answers, and its peers. */
export interface SystemInfo {
  /** The host of the daemon that answers. */
  readonly host: Host;
  /** The hosts of its peers. */
  readonly peers: readonly Host[];
}

/** The host; `/v1/system`. */
export class System {
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
   * Gets the host and its peers; `GET /v1/system/info`.
   *
   * @throws {ContainariumError} `permission_denied` without the admin role
   *
   * @example How many CPUs does the host have?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { host } = await client.system.info();
   * assertEquals(host.cpus > 0, true);
   * ```
   */
  async info(options: CallOptions = {}): Promise<SystemInfo> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("system", "info"), call);
    return {
      host: readHost(answer.info),
      peers: readList(answer.peers, "peers").map(readHost),
    };
  }

  /**
   * Lists the containers of the daemon's own; `GET /v1/system/core-services`.
   *
   * @throws {ContainariumError} `unsupported` or `not_found` where the daemon has no such endpoint
   *
   * @example Is there something that stores metrics?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ coreServices: ["victoriametrics"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [service] = await client.system.coreServices();
   * assertEquals(service?.state, "running");
   * ```
   */
  async coreServices(options: CallOptions = {}): Promise<readonly CoreService[]> {
    using call = new CallDeadline(options);
    const path = new ApiPath("system", "core-services");
    const answer = await this.#http.request("GET", path, call);
    return readListOf(answer, "services").map(readCoreService);
  }

  /**
   * Gets the newest release, for which the daemon asks GitHub; `GET /v1/releases/latest`.
   *
   * @throws {ContainariumError} If the daemon cannot reach GitHub, or is too old
   *
   * @example Is the daemon up to date?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ latestRelease: "0.68.0" });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { isBehind } = await client.system.latestRelease();
   * assertEquals(isBehind, true);
   * ```
   */
  async latestRelease(options: CallOptions = {}): Promise<Release> {
    using call = new CallDeadline(options);
    return readRelease(
      await this.#http.request("GET", new ApiPath("releases", "latest"), call),
    );
  }
}

function readHost(value: unknown): Host {
  const wire = readObject(value, "info");
  return {
    cpus: readNumber(wire.totalCpus),
    load: [
      readNumber(wire.cpuLoad1min),
      readNumber(wire.cpuLoad5min),
      readNumber(wire.cpuLoad15min),
    ],
    memoryBytes: readNumber(wire.totalMemoryBytes),
    memoryAvailableBytes: readNumber(wire.availableMemoryBytes),
    diskBytes: readNumber(wire.totalDiskBytes),
    diskAvailableBytes: readNumber(wire.availableDiskBytes),
    containersRunning: readNumber(wire.containersRunning),
    containersStopped: readNumber(wire.containersStopped),
    containersTotal: readNumber(wire.containersTotal),
    gpus: readList(wire.gpus, "gpus").map(readGpu),
    hostname: readText(wire.hostname),
    backendId: readText(wire.backendId),
    daemonVersion: readText(wire.daemonVersion),
    incusVersion: readText(wire.incusVersion),
    os: readText(wire.os),
    kernelVersion: readText(wire.kernelVersion),
    networkCidr: readText(wire.networkCidr),
    storageDriver: readText(readOptionalObject(wire.storage, "storage")?.driverName),
    collectorUrl: readText(wire.otelCollectorEndpoint),
    sshIngressHost: readText(wire.sshIngressHost),
  };
}
