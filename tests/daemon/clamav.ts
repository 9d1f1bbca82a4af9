/** ClamAV: scans of containers, their jobs and their reports. @module */

import { authenticate, isReply, requireAdmin, requireScope } from "./auth.ts";
import { isoSeconds } from "./container.ts";
import { coreAddress } from "./core_services.ts";
import type { IncomingRequest } from "./http.ts";
import { text } from "./protojson.ts";
import { plainReply, type Reply } from "./reply.ts";
import type { BareHandler, Call, Route } from "./route.ts";
import { ownerOf, requireOwner, ScanWork } from "./scan_work.ts";
import { notFoundText } from "./store.ts";
import type { World } from "./world.ts";

/** ClamAV. */
export const clamavRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/security/clamav-reports", handle: listReports },
  { method: "POST", pattern: "/v1/security/clamav-scan", handle: scan },
  { method: "GET", pattern: "/v1/security/clamav-summary", handle: summarize },
  { method: "GET", pattern: "/v1/security/scan-status", handle: listJobs },
].map((route) => ({ ...route, since: "0.67.0" }));

/** The handler of the export, for which any token will do. */
export const clamavExport: BareHandler = {
  takes: (_method, path) => path === "/v1/security/clamav-reports/export",
  answer: exportReports,
};

interface Job {
  readonly id: string;
  readonly containerName: string;
  readonly username: string;
  status: "pending" | "running" | "completed" | "failed";
  retryCount: number;
  errorMessage: string;
  readonly createdAt: string;
  startedAt: string;
  completedAt: string;
  readonly backendId: string;
}

interface Report {
  readonly id: string;
  readonly containerName: string;
  readonly username: string;
  readonly status: "clean" | "infected";
  readonly findingsCount: number;
  readonly findings: string;
  readonly scannedAt: string;
  readonly scanDuration: string;
  readonly createdAt: string;
  readonly backendId: string;
}

class Clamav {
  readonly jobs: Job[] = [];
  readonly reports: Report[] = [];
}

const now = () => isoSeconds(Date.now());
const backendIdOf = ({ cluster }: World) => cluster?.backendId ?? "";

function scan({ world, caller, body }: Call): unknown {
  const { containerName } = body({ containerName: text });
  requireScope(caller, "security:write");
  requireOwner(caller, containerName);
  const names = containerName === ""
    ? world.store.all().map(({ username }) => `${username}-container`)
    : [containerName];
  for (const name of names) enqueue(name, world);
  const count = names.length;
  return {
    message: containerName === ""
      ? `${count} scan jobs queued (${count} local, 0 on peers)`
      : `Scan queued for container ${containerName}`,
    scannedCount: count,
  };
}

/** Whether there is such a container does not matter; one that waits already will do. */
function enqueue(containerName: string, world: World): void {
  const { jobs } = world.area(Clamav);
  if (jobs.some((job) => job.containerName === containerName && job.status === "pending")) return;
  const job: Job = {
    id: String(jobs.length + 1),
    containerName,
    username: ownerOf(containerName) ?? containerName,
    status: "pending",
    retryCount: 0,
    errorMessage: "",
    createdAt: now(),
    startedAt: "",
    completedAt: "",
    backendId: backendIdOf(world),
  };
  jobs.push(job);
  world.area(ScanWork).queue("clamav", () => run(job, world));
}

async function run(job: Job, world: World): Promise<void> {
  const { pace, delays, store } = world;
  await pace.through("scan-queued", job.username, delays.scanQueuedMs);
  job.status = "running";
  job.startedAt = now();
  await pace.through("scanning", job.username, delays.scanMs);
  const container = store.find(job.username);
  const missing = coreAddress(world, "security") === undefined
    ? notFoundText("").replace('"-container"', '"containarium-core-security"')
    : container === undefined
    ? notFoundText(job.username)
    : undefined;
  job.completedAt = now();
  job.status = missing === undefined ? "completed" : "failed";
  if (missing !== undefined) {
    job.retryCount = 2;
    job.errorMessage = `failed to mount rootfs: exit status 1 (output: Error: ${missing}\n)`;
    return;
  }
  const lines = (container?.malware ?? []).map((found) =>
    `/mnt/scan-${job.containerName}/${found} FOUND`
  );
  const { reports } = world.area(Clamav);
  reports.push({
    id: String(reports.length + 1),
    containerName: job.containerName,
    username: job.username,
    status: lines.length > 0 ? "infected" : "clean",
    findingsCount: lines.length,
    findings: lines.join("\n"),
    scannedAt: now(),
    scanDuration: "0s",
    createdAt: now(),
    backendId: backendIdOf(world),
  });
}

function listJobs({ world, caller, query }: Call): unknown {
  requireScope(caller, "security:read");
  requireOwner(caller, query.get("containerName") ?? "");
  const jobs = world.area(Clamav).jobs.toReversed();
  const count = (status: Job["status"]) => jobs.filter((job) => job.status === status).length;
  return {
    jobs,
    pendingCount: count("pending"),
    runningCount: count("running"),
    completedCount: count("completed"),
    failedCount: count("failed"),
  };
}

function listReports({ world, caller, query }: Call): unknown {
  const containerName = query.get("containerName") ?? "";
  requireScope(caller, "security:read");
  requireOwner(caller, containerName);
  const reports = reportsWithin(query, world).filter((report) =>
    containerName === "" || report.containerName === containerName
  );
  const offset = Number(query.get("offset") ?? "0");
  const limit = Number(query.get("limit") ?? "0") || 50;
  return { reports: reports.slice(offset, offset + limit), totalCount: reports.length };
}

/** The newest first; a date that is none is passed over. */
function reportsWithin(query: URLSearchParams, world: World): readonly Report[] {
  const from = Date.parse(query.get("from") ?? "");
  const to = Date.parse(query.get("to") ?? "");
  const status = query.get("status") || undefined;
  return world.area(Clamav).reports.toReversed().filter((report) => {
    const at = Date.parse(report.scannedAt);
    return !(at < from) && !(at > to) && report.status === (status ?? report.status);
  });
}

function summarize({ world, caller }: Call): unknown {
  requireScope(caller, "security:read");
  requireAdmin(caller);
  const all = world.area(Clamav).reports;
  const containers = world.store.all().map(({ username }) => {
    const reports = all.filter((report) => report.username === username);
    const last = reports.at(-1);
    return {
      containerName: `${username}-container`,
      username,
      lastScanAt: last?.scannedAt ?? "",
      lastStatus: last?.status ?? "never",
      lastFindingsCount: last?.findingsCount ?? 0,
      totalScans: reports.length,
      infectedScans: reports.filter(({ status }) => status === "infected").length,
      backendId: backendIdOf(world),
    };
  });
  const count = (status: string) =>
    containers.filter(({ lastStatus }) => lastStatus === status).length;
  return {
    containers,
    totalContainers: containers.length,
    cleanContainers: count("clean"),
    infectedContainers: count("infected"),
    neverScannedContainers: count("never"),
    lastCollectionAt: now(),
  };
}

function exportReports(
  request: IncomingRequest,
  _path: string,
  world: World,
): Reply {
  const query = new URLSearchParams(request.path.split(/\?(.*)/s)[1] ?? "");
  const token = query.get("token");
  const authorization = token === null ? request.headers["authorization"] : `Bearer ${token}`;
  const texts = { missing: "unauthorized: token required", invalid: "unauthorized: invalid token" };
  const headers = authorization === undefined
    ? request.headers
    : { ...request.headers, authorization };
  const caller = authenticate({ ...request, headers }, world, texts);
  if (isReply(caller)) return caller;
  const dates = [query.get("from") ?? "", query.get("to") ?? ""];
  if (dates.includes("")) {
    return plainReply(
      400,
      '{"error": "from and to date parameters are required (ISO 8601 format)"}',
    );
  }
  const strange = dates.find((date) => Number.isNaN(Date.parse(date)));
  if (strange !== undefined) {
    return plainReply(
      500,
      `{"error": "failed to query reports: ERROR: invalid input syntax for type timestamp with time zone: "${strange}" (SQLSTATE 22007)"}`,
    );
  }
  const rows = reportsWithin(query, world).map((report) => {
    const { containerName, username, status, findingsCount, findings } = report;
    const { scannedAt, scanDuration } = report;
    return [containerName, username, status, findingsCount, findings, scannedAt, scanDuration]
      .join(",");
  });
  const head = "Container,Username,Status,Findings Count,Findings,Scanned At,Scan Duration";
  return {
    status: 200,
    headers: { "Content-Type": "text/csv; charset=utf-8" },
    body: [head, ...rows, ""].join("\n"),
  };
}
