/**
 * The daemon's endpoints about scans, read and no more.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import { together } from "../async/together.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { ApiPath } from "../transport/api_path.ts";
import { readFlag, readListOf, readNumber, readObject, readText, readTime } from "../wire.ts";
import {
  type Finding,
  type MalwareReport,
  readPentestFinding,
  readReport,
  readZapAlert,
} from "./finding.ts";
import { readScanJob, readScanRun, type ScanRun } from "./scan_run.ts";

/** Rows of a page. */
const PAGE = 200;
/** Most rows to read. */
const MAX_ROWS = 5_000;

/** Which scanners the host has. */
export interface InstalledScanners {
  /** Checks of a pentest: `headers`, `ports`, `trivy` … */
  readonly pentestModules: readonly string[];
  /** Whether nuclei is there, which looks for known flaws of web servers. */
  readonly hasNuclei: boolean;
  /** Whether trivy is there, which looks for flaws of packages. */
  readonly hasTrivy: boolean;
  /** Whether ZAP is there. */
  readonly hasZap: boolean;
}

/** What ClamAV knows of a container. */
export interface MalwareSummary {
  /** The container. */
  readonly containerName: string;
  /** When it was looked at last; absent: never. */
  readonly lastScannedAt: Date | undefined;
  /** Whether malware was found then. */
  readonly isInfected: boolean;
}

/** Reads what the daemon has. */
export class SecurityApi {
  readonly #http: Http;

  /** @param http Sends requests to the daemon */
  constructor(http: Http) {
    this.#http = http;
  }

  /** Reads which scanners there are; any token may. */
  async installed(call: CallOptions): Promise<InstalledScanners> {
    const [pentest, zap] = await together([
      this.#http.request("GET", new ApiPath("pentest", "config"), call),
      this.#http.request("GET", new ApiPath("zap", "config"), call),
    ]);
    const config = readObject(pentest.config, "config");
    return {
      pentestModules: (readText(config.modules) ?? "").split(",").filter((name) => name !== ""),
      hasNuclei: readFlag(config.nucleiAvailable),
      hasTrivy: readFlag(config.trivyAvailable),
      hasZap: readFlag(readObject(zap.config, "config").zapAvailable),
    };
  }

  /** Lists findings of pentests: all, for admins, or those in a container's packages. */
  async pentestFindings(containerName: string | undefined, call: CallOptions): Promise<Finding[]> {
    return await this.#pages(["pentest", "findings"], "findings", { containerName }, call)
      .then((rows) => rows.map(readPentestFinding));
  }

  /** Lists ZAP's alerts, for admins. */
  async zapAlerts(call: CallOptions): Promise<Finding[]> {
    return await this.#pages(["zap", "alerts"], "alerts", {}, call)
      .then((rows) => rows.map(readZapAlert));
  }

  /** Lists the newest scans: of a container alone, or all, for admins. */
  async runs(
    scanner: "pentest" | "zap",
    containerName: string | undefined,
    call: CallOptions,
  ): Promise<readonly ScanRun[]> {
    const query = { limit: "50", containerName };
    const answer = await this.#http.request("GET", new ApiPath(scanner, "scans"), {
      ...call,
      query,
    });
    return readListOf(answer, "scanRuns").map(readScanRun);
  }

  /** Lists the newest reports of ClamAV about a container. */
  async reports(containerName: string, call: CallOptions): Promise<readonly MalwareReport[]> {
    const query = { limit: "1", containerName };
    const path = new ApiPath("security", "clamav-reports");
    const answer = await this.#http.request("GET", path, { ...call, query });
    return readListOf(answer, "reports").map(readReport);
  }

  /** Lists ClamAV's jobs, for admins; the newest first. */
  async jobs(call: CallOptions): Promise<readonly ScanRun[]> {
    const path = new ApiPath("security", "scan-status");
    const answer = await this.#http.request("GET", path, call);
    return readListOf(answer, "jobs").map(readScanJob)
      .toSorted((one, other) => Number(other.id) - Number(one.id));
  }

  /** Lists what ClamAV knows of each container, for admins. */
  async malware(call: CallOptions): Promise<readonly MalwareSummary[]> {
    const path = new ApiPath("security", "clamav-summary");
    const answer = await this.#http.request("GET", path, call);
    return readListOf(answer, "containers").map((value) => {
      const wire = readObject(value, "container");
      return {
        containerName: readText(wire.containerName) ?? "",
        lastScannedAt: readTime(wire.lastScanAt),
        isInfected: wire.lastStatus === "infected",
      };
    });
  }

  async #pages(
    segments: readonly string[],
    list: string,
    query: Readonly<Record<string, string | undefined>>,
    call: CallOptions,
  ): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    for (;;) {
      const page = { ...query, limit: String(PAGE), offset: String(rows.length) };
      const answer = await this.#http.request("GET", new ApiPath(...segments), {
        ...call,
        query: page,
      });
      const read = readListOf(answer, list);
      rows.push(...read);
      if (read.length === 0 || rows.length >= readNumber(answer.totalCount)) return rows;
      if (rows.length < MAX_ROWS) continue;
      throw new ContainariumError(
        "resource_exhausted",
        `The daemon has more than ${MAX_ROWS} findings, of which at most so many are read`,
      );
    }
  }
}
