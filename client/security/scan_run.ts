import { readNumber, readObject, readText, readTime } from "../wire.ts";
import { severities, type Severity } from "./finding.ts";

/** Number of findings by severity; those that are 0 are left out. */
export type FindingCounts = Readonly<Partial<Record<Severity, number>>>;

/** A scan as the daemon keeps it. */
export interface ScanRun {
  /** Its id. */
  readonly id: string;
  /** The only container that it looks at. Absent: all. */
  readonly containerName: string | undefined;
  /** How far it is. */
  readonly state: "pending" | "running" | "completed" | "failed";
  /** Number of containers, ports and domains that it looks at. */
  readonly targets: number;
  /** What it found. */
  readonly counts: FindingCounts;
  /** Why it failed: text from outside. */
  readonly error: string | undefined;
  /** When it began, or was asked for. */
  readonly startedAt: Date | undefined;
  /** When it ended. */
  readonly completedAt: Date | undefined;
}

/** Reads the daemon's PentestScanRun or ZapScanRun message. */
export function readScanRun(value: unknown): ScanRun {
  const wire = readObject(value, "scanRun");
  const counts = severities.map((severity): [Severity, number] => [
    severity,
    readNumber(wire[`${severity}Count`]),
  ]);
  return {
    id: readText(wire.id) ?? "",
    containerName: readText(wire.containerName),
    state: readState(wire.status),
    targets: readNumber(wire.targetsCount),
    counts: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    error: readText(wire.errorMessage),
    startedAt: readTime(wire.startedAt),
    completedAt: readTime(wire.completedAt),
  };
}

/** Reads the daemon's ScanJob message, of ClamAV. What was found is in a report. */
export function readScanJob(value: unknown): ScanRun {
  const wire = readObject(value, "job");
  const state = readState(wire.status);
  return {
    id: readText(wire.id) ?? String(readNumber(wire.id)),
    containerName: readText(wire.containerName),
    state,
    targets: 1,
    counts: {},
    // The daemon tries again by itself, and a job that then succeeds keeps the words of the first try.
    error: state === "failed" ? readText(wire.errorMessage)?.trim() : undefined,
    startedAt: readTime(wire.startedAt) ?? readTime(wire.createdAt),
    completedAt: readTime(wire.completedAt),
  };
}

/** An unknown word ends a wait as a failure does, and is shown as one. */
function readState(status: unknown): ScanRun["state"] {
  switch (status) {
    case "pending":
    case "running":
    case "completed":
      return status;
    case "queued":
      return "pending";
    default:
      return "failed";
  }
}

/** Returns whether a scan is still to end. */
export function isUnderWay({ state }: ScanRun): boolean {
  return state === "pending" || state === "running";
}

/** One that began longer ago is stuck: the daemon was restarted meanwhile. */
const MAX_RUN_MS = 60 * 60_000;

/** Returns whether to wait for a scan rather than begin another one. */
export function isJoinable(run: ScanRun): boolean {
  const since = run.startedAt?.getTime() ?? 0;
  return isUnderWay(run) && Date.now() - since < MAX_RUN_MS;
}
