/**
 * Begins scans and waits for them. The daemon queues a scan of anything, and each scanner reports its end
 * in its own way.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import { InFlightLimit } from "../async/in_flight.ts";
import { poll } from "../async/poll.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { ApiPath } from "../transport/api_path.ts";
import { readText } from "../wire.ts";
import { malwareIn, type MalwareReport, type Scanner } from "./finding.ts";
import {
  type FindingCounts,
  isJoinable,
  isUnderWay,
  readScanRun,
  type ScanRun,
} from "./scan_run.ts";
import type { SecurityApi } from "./security_api.ts";

/** What became of a scan. */
export interface ScanOutcome {
  /** The scanner. */
  readonly scanner: Scanner;
  /** `running` if the wait ended first. */
  readonly state: "completed" | "running" | "failed";
  /** Whether it may have failed while it says `running`: the daemon shows ClamAV's failures to admins only. */
  readonly mayHaveFailed: boolean;
  /** Whether it was in progress already, so that none was begun. */
  readonly isJoined: boolean;
  /** Number of containers, ports and domains that it looks at. */
  readonly targets: number;
  /** What it found, once it is completed. */
  readonly counts: FindingCounts;
  /** Why it failed: text from outside. */
  readonly error: string | undefined;
  /** When it ended. */
  readonly completedAt: Date | undefined;
}

/** How to wait for a scan. */
export interface ScanWait extends CallOptions {
  /** Milliseconds to wait. */
  readonly waitMs: number;
  /** Whether the token has the admin role, as far as is known. */
  readonly isAdmin: boolean;
}

/** What is remembered of the scan of a container by a scanner. */
interface Memory {
  readonly begun: () => Begun | undefined;
  readonly remember: (id: string | undefined) => void;
}

const pace = { firstMs: 250, factor: 1.5, maxMs: 5_000 };

/** Milliseconds to remember a scan whose end nobody has waited for. */
const KEPT_MS = 10 * 60_000;

/** A scan that this client began and whose end it has not reported yet. */
interface Begun {
  /** Its id; for ClamAV and a user, that of the report before it. */
  readonly id: string | undefined;
  /** When somebody last asked about it, in milliseconds. */
  readonly at: number;
}

/** Scans one container. */
export class Scans {
  readonly #http: Http;
  readonly #api: SecurityApi;
  /** By scanner and container. Who comes back for the end of a scan should not begin another one. */
  readonly #begun = new Map<string, Begun>();
  /** One call at a time joins or begins a scan: the next one should find it. */
  readonly #turns = new InFlightLimit(1);

  /**
   * @param http Sends requests to the daemon
   * @param api Reads how far scans are
   */
  constructor(http: Http, api: SecurityApi) {
    this.#http = http;
    this.#api = api;
  }

  /** Begins a scan of a container that exists, or joins it, and waits. */
  async run(scanner: Scanner, name: string, wait: ScanWait): Promise<ScanOutcome> {
    const key = `${scanner} ${name}`;
    const begun = () => {
      const known = this.#begun.get(key);
      return known !== undefined && performance.now() - known.at < KEPT_MS ? known : undefined;
    };
    const remember = (id: string | undefined) => {
      this.#begun.set(key, { id, at: performance.now() });
    };
    try {
      const outcome = await this.#follow(scanner, name, wait, { begun, remember });
      if (outcome.state !== "running") this.#begun.delete(key);
      return outcome;
    } catch (error) {
      if (isLost(error)) this.#begun.delete(key);
      throw error;
    }
  }

  async #follow(
    scanner: Scanner,
    name: string,
    wait: ScanWait,
    memory: Memory,
  ): Promise<ScanOutcome> {
    if (scanner !== "clamav") return await this.#ofRuns(scanner, name, wait, memory);
    return wait.isAdmin
      ? await this.#ofJobs(name, wait, memory)
      : await this.#ofReports(name, wait, memory);
  }

  async #ofRuns(
    scanner: "pentest" | "zap",
    name: string,
    wait: ScanWait,
    { begun, remember }: Memory,
  ): Promise<ScanOutcome> {
    const { id, isJoined } = await this.#turns.run(async () => {
      const joined = begun()?.id ??
        (await this.#api.runs(scanner, name, wait)).find(isJoinable)?.id;
      const id = joined ?? await this.#begin([scanner, "scan"], name, wait);
      remember(id);
      return { id, isJoined: joined !== undefined };
    }, wait.signal);
    const run = await this.#until(() => this.#runOf(scanner, name, id, wait), wait);
    return outcomeOf(scanner, run, isJoined);
  }

  async #runOf(
    scanner: "pentest" | "zap",
    name: string,
    id: string,
    call: CallOptions,
  ): Promise<ScanRun> {
    if (scanner === "pentest") {
      const answer = await this.#http.request("GET", new ApiPath(scanner, "scans", id), call);
      return readScanRun(answer.scanRun);
    }
    const run = (await this.#api.runs(scanner, name, call)).find((run) => run.id === id);
    if (run !== undefined) return run;
    throw new ContainariumError("internal", "The daemon does not list the scan that it began");
  }

  /** For admins, who see jobs and their failures. */
  async #ofJobs(
    name: string,
    wait: ScanWait,
    { begun, remember }: Memory,
  ): Promise<ScanOutcome> {
    const jobs = async () =>
      (await this.#api.jobs(wait)).filter(({ containerName }) => containerName === name);
    const { before, joined } = await this.#turns.run(async () => {
      const [before] = await jobs();
      const joined = begun()?.id ??
        (before !== undefined && isJoinable(before) ? before.id : undefined);
      if (joined === undefined) await this.#begin(["security", "clamav-scan"], name, wait);
      return { before, joined };
    }, wait.signal);
    const job = await this.#until(async () => {
      const now = (await jobs()).find(({ id }) =>
        joined === undefined ? id !== before?.id : id === joined
      );
      if (now === undefined) {
        throw new ContainariumError("internal", "The daemon does not list the scan that it queued");
      }
      remember(now.id);
      return now;
    }, wait);
    const outcome = outcomeOf("clamav", job, joined !== undefined);
    if (outcome.state !== "completed") return outcome;
    const [report] = await this.#api.reports(name, wait);
    return { ...outcome, counts: countsOf(report) };
  }

  /** For users, who see only what came of a scan: no report appears of one that failed. */
  async #ofReports(
    name: string,
    wait: ScanWait,
    { begun, remember }: Memory,
  ): Promise<ScanOutcome> {
    const { before, isJoined } = await this.#turns.run(async () => {
      const known = begun();
      const before = known === undefined ? (await this.#api.reports(name, wait))[0]?.id : known.id;
      if (known === undefined) await this.#begin(["security", "clamav-scan"], name, wait);
      remember(before);
      return { before, isJoined: known !== undefined };
    }, wait.signal);
    const { signal, waitMs: timeoutMs } = wait;
    const isNew = (report: MalwareReport | undefined) =>
      report !== undefined && report.id !== before;
    const report = await poll(
      async () => (await this.#api.reports(name, wait))[0],
      isNew,
      { ...pace, signal, timeoutMs },
    );
    const common = { scanner: "clamav", isJoined, targets: 1, error: undefined } as const;
    const completedAt = report?.scannedAt;
    return isNew(report)
      ? {
        ...common,
        state: "completed",
        mayHaveFailed: false,
        counts: countsOf(report),
        completedAt,
      }
      : { ...common, state: "running", mayHaveFailed: true, counts: {}, completedAt: undefined };
  }

  async #begin(segments: readonly string[], name: string, call: CallOptions): Promise<string> {
    const body = { containerName: name };
    const answer = await this.#http.request("POST", new ApiPath(...segments), { ...call, body });
    return readText(answer.scanRunId) ?? "";
  }

  async #until(look: () => Promise<ScanRun>, wait: ScanWait): Promise<ScanRun> {
    const { signal, waitMs: timeoutMs } = wait;
    return await poll(look, (run) => !isUnderWay(run), { ...pace, signal, timeoutMs });
  }
}

/** Returns whether the daemon does not know the scan any more, so that the next call begins another one. */
function isLost(error: unknown): boolean {
  return error instanceof ContainariumError &&
    (error.code === "not_found" || error.code === "internal");
}

function countsOf(report: MalwareReport | undefined): FindingCounts {
  const critical = report === undefined ? 0 : malwareIn(report).length;
  return critical === 0 ? {} : { critical };
}

function outcomeOf(scanner: Scanner, run: ScanRun, isJoined: boolean): ScanOutcome {
  const { targets, counts, error, completedAt } = run;
  const isFailed = run.state === "failed" || (run.state === "completed" && error !== undefined);
  const state = isFailed ? "failed" : isUnderWay(run) ? "running" : "completed";
  return { scanner, state, mayHaveFailed: false, isJoined, targets, counts, error, completedAt };
}
