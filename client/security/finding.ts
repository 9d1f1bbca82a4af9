/**
 * What scanners find, in one shape.
 *
 * @module
 */
import { own, readFlag, readNumber, readObject, readText, readTime } from "../wire.ts";

/** A scanner: for malware, for open ports, packages and web servers, and for web applications. */
export type Scanner = "clamav" | "pentest" | "zap";

/** Every {@linkcode Scanner}. */
export const scanners: readonly Scanner[] = ["clamav", "pentest", "zap"];

/** How bad a finding is. ClamAV does not say; its findings count as critical. */
export type Severity = "critical" | "high" | "medium" | "low" | "info";

/** Every {@linkcode Severity}, the worst first. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

/**
 * What the daemon makes of a finding.
 *
 * - `open`: the last scan met it
 * - `unconfirmed`: the daemon counts it as resolved, but no scan of its container or domain is known since:
 *   each scan resolves what it does not meet, also elsewhere
 * - `resolved`: a later scan of the same did not meet it
 * - `suppressed`: somebody accepted it
 */
export type FindingStatus = "open" | "unconfirmed" | "resolved" | "suppressed";

/** Something that a scanner found. All texts are from outside. */
export interface Finding {
  /** Scanner that found it. */
  readonly scanner: Scanner;
  /** Number of it for that scanner. Absent for ClamAV's, which the daemon does not number. */
  readonly id: string | undefined;
  /** How bad it is. */
  readonly severity: Severity;
  /** Kind of check: `malware`, `trivy` (packages), `ports`, `dns`, `nuclei`, `web` … */
  readonly category: string;
  /** What it is called. */
  readonly title: string;
  /** Where: `alice-container (usr/bin/curl)`, `10.0.0.9:22 (alice-container)`, a URL or a domain. */
  readonly target: string;
  /** What the daemon makes of it. */
  readonly status: FindingStatus;
  /** Words about it. */
  readonly description: string | undefined;
  /** What was seen. */
  readonly evidence: string | undefined;
  /** Numbers of the flaw: `CVE-2026-0001`. */
  readonly references: string | undefined;
  /** What helps. */
  readonly remedy: string | undefined;
  /** Whether the daemon can upgrade the package that it is about. */
  readonly isFixable: boolean;
  /** When it was met last. */
  readonly lastSeenAt: Date | undefined;
  /** Scan that met it last. */
  readonly lastScanId: string | undefined;
}

const severityWords: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "high",
  medium: "medium",
  low: "low",
  info: "info",
  informational: "info",
};

/** An unknown word is not taken for harmless. */
function readSeverity(value: unknown): Severity {
  return own(severityWords, readText(value)?.toLowerCase() ?? "") ?? "high";
}

function readStatus(status: unknown, isSuppressed: boolean): FindingStatus {
  if (isSuppressed || status === "suppressed") return "suppressed";
  return status === "resolved" ? "resolved" : "open";
}

/** Reads the daemon's PentestFinding message. */
export function readPentestFinding(value: unknown): Finding {
  const wire = readObject(value, "finding");
  const category = readText(wire.category) ?? "";
  return {
    scanner: "pentest",
    id: readText(wire.id) ?? String(readNumber(wire.id)),
    severity: readSeverity(wire.severity),
    category,
    title: readText(wire.title) ?? "",
    target: readText(wire.target) ?? "",
    status: readStatus(wire.status, readFlag(wire.suppressed)),
    description: readText(wire.description),
    evidence: readText(wire.evidence),
    references: readText(wire.cveIds),
    remedy: readText(wire.remediation),
    isFixable: category === "trivy",
    lastSeenAt: readTime(wire.lastSeenAt),
    lastScanId: readText(wire.lastScanRunId),
  };
}

/** Reads the daemon's ZapAlert message. */
export function readZapAlert(value: unknown): Finding {
  const wire = readObject(value, "alert");
  return {
    scanner: "zap",
    id: readText(wire.id) ?? String(readNumber(wire.id)),
    severity: readSeverity(wire.risk),
    category: "web",
    title: readText(wire.alertName) ?? "",
    target: [readText(wire.method), readText(wire.url)].filter(Boolean).join(" "),
    status: readStatus(wire.status, readFlag(wire.suppressed)),
    description: readText(wire.description),
    evidence: readText(wire.evidence),
    references: readText(wire.cweIds),
    remedy: readText(wire.solution),
    isFixable: false,
    lastSeenAt: readTime(wire.lastSeenAt),
    lastScanId: readText(wire.lastScanRunId),
  };
}

/** Most lines of one report of ClamAV's to read. */
const MAX_LINES = 1_000;

/** Returns the findings in a report of ClamAV's, one for each line: `/mnt/scan-alice-container/root/x: Eicar FOUND`. */
export function malwareIn(report: MalwareReport): readonly Finding[] {
  if (report.isClean) return [];
  const lines = report.findings.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.length === 0 ? ["unknown file: unknown malware FOUND"] : lines;
  return shown.slice(0, MAX_LINES).map((line) => {
    const [, path = line, name = "malware"] = /^(.*): (.*?)(?: FOUND)?$/.exec(line) ?? [];
    const root = `/mnt/scan-${report.containerName}/`;
    const file = path.startsWith(root) ? `/${path.slice(root.length)}` : path;
    return {
      scanner: "clamav",
      id: undefined,
      severity: "critical",
      category: "malware",
      title: name,
      target: `${report.containerName} (${file})`,
      status: "open",
      description: undefined,
      evidence: undefined,
      references: undefined,
      remedy: undefined,
      isFixable: false,
      lastSeenAt: report.scannedAt,
      lastScanId: report.id,
    };
  });
}

/** A scan of ClamAV's that looked at the container. */
export interface MalwareReport {
  /** Its number. */
  readonly id: string;
  /** The container. */
  readonly containerName: string;
  /** Whether nothing was found. */
  readonly isClean: boolean;
  /** Files and what is in them, one a line: text from outside. */
  readonly findings: string;
  /** When. */
  readonly scannedAt: Date | undefined;
}

/** Reads the daemon's ClamavReport message. */
export function readReport(value: unknown): MalwareReport {
  const wire = readObject(value, "report");
  return {
    id: readText(wire.id) ?? String(readNumber(wire.id)),
    containerName: readText(wire.containerName) ?? "",
    isClean: wire.status === "clean",
    findings: readText(wire.findings) ?? "",
    scannedAt: readTime(wire.scannedAt),
  };
}

/** Returns the worst findings first, and of those the last seen. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const seen = ({ lastSeenAt }: Finding) => lastSeenAt?.getTime() ?? 0;
  return findings.toSorted((one, other) => rank(one) - rank(other) || seen(other) - seen(one));
}
