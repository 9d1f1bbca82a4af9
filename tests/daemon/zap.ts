/** ZAP: its runs over routes, and its alerts. @module */

import { requireAdmin, requireScope } from "./auth.ts";
import { isoSeconds } from "./container.ts";
import { coreAddress } from "./core_services.ts";
import { text } from "./protojson.ts";
import { pathInteger } from "./parameters.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { countOf, isRunId, pageOf, type ScanRun, ScanRuns } from "./scan_runs.ts";
import { fingerprintOf } from "./scan_work.ts";
import type { ZapAlertSeed } from "./types.ts";
import type { World } from "./world.ts";

/** ZAP. */
export const zapRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/zap/config", handle: showConfig },
  { method: "POST", pattern: "/v1/zap/scan", handle: scan },
  { method: "GET", pattern: "/v1/zap/scans", handle: listRuns },
  { method: "GET", pattern: "/v1/zap/scans/{scanRunId}/report", handle: getReport },
  { method: "GET", pattern: "/v1/zap/alerts", handle: listAlerts },
  { method: "GET", pattern: "/v1/zap/alerts/summary", handle: summarize },
  { method: "POST", pattern: "/v1/zap/alerts/{alertId}/suppress", handle: suppress },
  { method: "POST", pattern: "/v1/zap/install", handle: install },
].map((route) => ({ ...route, since: "0.67.0" }));

const zapVersion = "2.15.0";

/** One alert. */
interface ZapAlert extends ZapAlertSeed {
  readonly id: number;
  readonly runId: string;
  readonly seenAt: string;
  suppressed: boolean;
  suppressedReason: string;
}

class ZapRuns extends ScanRuns {}

class ZapAlerts {
  /** Oldest first. */
  readonly all: ZapAlert[] = [];
}

const isInstalled = (world: World) => coreAddress(world, "security") !== undefined;

function requireZapAdmin({ caller }: Call, verb: "read" | "write"): void {
  requireScope(caller, `security:${verb}`);
  requireAdmin(caller);
}

function showConfig({ world }: Call): unknown {
  // The version is known once it has run.
  const ran = world.area(ZapRuns).list("").length > 0;
  return {
    config: {
      enabled: true,
      interval: "720h0m0s",
      zapAvailable: isInstalled(world),
      zapVersion: isInstalled(world) && ran ? zapVersion : "",
    },
  };
}

function scan(call: Call): unknown {
  const { containerName } = call.body({ containerName: text });
  requireZapAdmin(call, "write");
  const { world } = call;
  const run = world.area(ZapRuns).begin(containerName, (ended) => find(ended, world));
  const scope = containerName === "" ? "" : ` (scope: ${containerName})`;
  return {
    scanRunId: run.id,
    message: `ZAP scan enqueued${scope} — workers processing asynchronously`,
  };
}

/** Without ZAP a run finds nothing, and says nothing of that. */
function find(run: ScanRun, world: World): readonly string[] {
  if (!isInstalled(world)) return [];
  const { all } = world.area(ZapAlerts);
  const found = world.services.zapAlerts.filter(({ username }) =>
    run.containerName === "" || run.containerName === `${username}-container`
  );
  for (const seed of found) {
    if (all.some(({ alertName, url }) => alertName === seed.alertName && url === seed.url)) {
      continue;
    }
    all.push({
      ...seed,
      id: all.length + 1,
      runId: run.id,
      seenAt: isoSeconds(Date.now()),
      suppressed: false,
      suppressedReason: "",
    });
  }
  return found.map(({ risk }) => risk);
}

function listRuns(call: Call): unknown {
  requireZapAdmin(call, "read");
  const runs = call.world.area(ZapRuns).list(call.query.get("containerName") ?? "");
  return { scanRuns: pageOf(runs, call.query).map(writeRun), totalCount: runs.length };
}

function writeRun(run: ScanRun): Record<string, unknown> {
  const { id, containerName, status, targetsCount, startedAt, completedAt, duration, counts } = run;
  return {
    ...{ id, trigger: "manual", status, targetsCount },
    ...riskCounts(counts),
    ...{ errorMessage: "", startedAt, completedAt, duration },
    completedCount: status === "completed" ? targetsCount : 0,
    containerName,
  };
}

function riskCounts(counts: Readonly<Record<string, number>>): Record<string, number> {
  return {
    highCount: counts["high"] ?? 0,
    mediumCount: counts["medium"] ?? 0,
    lowCount: counts["low"] ?? 0,
    infoCount: counts["informational"] ?? 0,
  };
}

function getReport(call: Call): unknown {
  requireZapAdmin(call, "read");
  const id = call.param("scanRunId");
  const format = call.query.get("format") || "html";
  const run = call.world.area(ZapRuns).find(id);
  if (run === undefined) {
    const reason = isRunId(id)
      ? "no rows in result set"
      : `ERROR: invalid input syntax for type uuid: "${id}" (SQLSTATE 22P02)`;
    throw goError(`scan run not found: ${reason}`);
  }
  const reports = new Map([
    ["html", ["<html><body><h1>ZAP Scanning Report</h1></body></html>", "text/html"]],
    ["json", [`{"@version":"${zapVersion}","site":[]}`, "application/json"]],
  ]);
  const report = reports.get(format);
  if (report === undefined) {
    throw goError(`unsupported report format: ${format} (supported: html, json)`);
  }
  if (!isInstalled(call.world) || run.status !== "completed") {
    throw goError(
      `no ${format} report available for this scan run (report may not have been generated)`,
    );
  }
  const [content, contentType] = report;
  return { content, contentType, filename: `zap-report-${id}.${format}` };
}

function listAlerts(call: Call): unknown {
  requireZapAdmin(call, "read");
  const { query, world } = call;
  const is = (name: string, value: string) => (query.get(name) || value) === value;
  const alerts = world.area(ZapAlerts).all.toReversed().filter((alert) =>
    is("risk", alert.risk) && is("status", statusOf(alert)) &&
    is("domain", new URL(alert.url).hostname)
  );
  return { alerts: pageOf(alerts, query).map(writeAlert), totalCount: alerts.length };
}

const statusOf = ({ suppressed }: ZapAlert) => suppressed ? "suppressed" : "open";

function writeAlert(alert: ZapAlert): Record<string, unknown> {
  const { pluginId = "", alertName, risk, confidence = "", description = "", url } = alert;
  const { method = "GET", evidence = "", solution = "", cweIds = "", references = "" } = alert;
  const { runId, seenAt, suppressed, suppressedReason } = alert;
  return {
    id: String(alert.id),
    fingerprint: fingerprintOf(`${pluginId}\n${alertName}\n${url}`),
    ...{ pluginId, alertName, risk, confidence, description, url, method, evidence, solution },
    ...{ cweIds, references, status: statusOf(alert) },
    ...{ firstScanRunId: runId, lastScanRunId: runId, firstSeenAt: seenAt, lastSeenAt: seenAt },
    ...{ resolvedAt: "", suppressed, suppressedReason },
  };
}

function summarize(call: Call): unknown {
  requireZapAdmin(call, "read");
  const { all } = call.world.area(ZapAlerts);
  const open = all.filter(({ suppressed }) => !suppressed);
  return {
    summary: {
      totalAlerts: all.length,
      openAlerts: open.length,
      resolvedAlerts: 0,
      suppressedAlerts: all.length - open.length,
      ...riskCounts(countOf(open.map(({ risk }) => risk))),
    },
  };
}

function suppress(call: Call): unknown {
  const { reason } = call.body({ alertId: text, reason: text });
  const id = pathInteger("alertId", call.param("alertId"));
  requireZapAdmin(call, "write");
  const alert = call.world.area(ZapAlerts).all.find((one) => one.id === id);
  if (alert === undefined) {
    throw goError(`failed to suppress ZAP alert: zap alert ${id} not found`);
  }
  alert.suppressed = true;
  alert.suppressedReason = reason;
  return { message: `Alert ${id} suppressed` };
}

function install(call: Call): unknown {
  call.body({});
  requireZapAdmin(call, "write");
  if (isInstalled(call.world)) {
    return { success: true, message: "ZAP is already installed and active" };
  }
  return {
    success: false,
    message:
      'installation failed: failed to resolve ZAP version: failed to fetch latest ZAP release: Get "https://api.github.com/repos/zaproxy/zaproxy/releases/latest": dial tcp: lookup api.github.com on 10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable',
  };
}
