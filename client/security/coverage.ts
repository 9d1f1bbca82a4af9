/**
 * What a list of findings is worth: an empty one does not mean that all is well.
 *
 * @module
 */
import type { Finding, FindingStatus, Scanner } from "./finding.ts";
import type { ScanRun } from "./scan_run.ts";

/**
 * What may be missing among the findings of a scanner.
 *
 * - `admin_only`: the daemon shows this scanner's to admins only
 * - `domains_unread`: those at the container's domains, which the token may not read
 * - `not_installed`: all, since the host lacks the scanner
 * - `no_nuclei`: known flaws of web servers
 * - `no_trivy`: flaws of packages
 * - `packages_only`: open ports and web findings, which the daemon shows to admins only
 */
export type Missing =
  | "admin_only"
  | "domains_unread"
  | "not_installed"
  | "no_nuclei"
  | "no_trivy"
  | "packages_only";

/** What a scanner has looked at. */
export interface Coverage {
  /** The scanner. */
  readonly scanner: Scanner;
  /** When its last scan of the container, or of all containers, ended; absent: never, or not known. */
  readonly lastScannedAt: Date | undefined;
  /** Why the last one failed, if it did: text from outside. */
  readonly lastError: string | undefined;
  /** Names of containers that it has never looked at; only without a username, and of ClamAV. */
  readonly neverScanned: readonly string[];
  /** What is missing. */
  readonly missing: readonly Missing[];
}

/** Returns whether a scan looks at a container; each does, if there is no name. */
function covers({ containerName }: ScanRun, name: string | undefined): boolean {
  return containerName === undefined || containerName === name;
}

/** Returns the newest scan that looked at a container, or at all of them. */
export function lastScan(
  runs: readonly ScanRun[],
  name: string | undefined,
): ScanRun | undefined {
  return runs.find((run) => run.state === "completed" && run.targets > 0 && covers(run, name));
}

/**
 * Returns a finding with the truth about its status. A scan resolves whatever it does not meet, also in
 * containers that it does not look at.
 */
export function confirmed(finding: Finding, runs: readonly ScanRun[]): Finding {
  if (finding.status !== "resolved") return finding;
  const { lastSeenAt, lastScanId, target } = finding;
  const scope = runs.find(({ id }) => id === lastScanId)?.containerName;
  const name = containerIn(target) ?? scope;
  const isLater = ({ id, startedAt }: ScanRun) =>
    id !== lastScanId && (startedAt?.getTime() ?? 0) >= (lastSeenAt?.getTime() ?? 0);
  const status: FindingStatus =
    runs.some((run) =>
        run.state === "completed" && run.targets > 0 && covers(run, name) && isLater(run)
      )
      ? "resolved"
      : "unconfirmed";
  return { ...finding, status };
}

/** Returns the container that a target names: `alice-container (usr/bin/x)`, `10.0.0.9:22 (alice-container)`. */
export function containerIn(target: string): string | undefined {
  return /^([\w.-]+-container) \(/.exec(target)?.[1] ??
    /\(([\w.-]+-container)\)$/.exec(target)?.[1];
}

/** Returns the domain in a target: `https://web.example.com/x`, `GET https://…`, `web.example.com:443`. */
export function domainIn(target: string): string | undefined {
  const address = target.split(" ").find((word) => word.includes("://")) ?? target.split(" ")[0];
  if (address === undefined) return undefined;
  const url = URL.parse(address.includes("://") ? address : `https://${address}`);
  return url?.hostname === "" ? undefined : url?.hostname;
}
