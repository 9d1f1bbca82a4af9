/**
 * Scans of containers, and what they found.
 *
 * @module
 */
export type { AgreedFinding } from "./agreed_finding.ts";
export { containerIn, type Coverage, type Missing } from "./coverage.ts";
export {
  type Finding,
  type FindingStatus,
  type Scanner,
  scanners,
  severities,
  type Severity,
} from "./finding.ts";
export type { FindingCounts } from "./scan_run.ts";
export type { ScanOutcome } from "./scans.ts";
export {
  type FindingList,
  type FixFindingResult,
  type InstallableScanner,
  installableScanners,
  type ListFindingsOptions,
  type ResolveFindingOptions,
  type ScanOptions,
  type Security,
  type SuppressFindingOptions,
} from "./security.ts";
export type { InstalledScanners } from "./security_api.ts";
