/**
 * Scans of containers: scan, list findings, resolve one, install a scanner.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { installScanner } from "./install_scanner.ts";
import { listFindings } from "./list_findings.ts";
import { resolveFinding } from "./resolve_finding.ts";
import { scanContainer } from "./scan_container.ts";

/** The toolset `security`, in the order in which it is listed. */
export const securityTools: readonly Tool[] = [
  scanContainer,
  listFindings,
  resolveFinding,
  installScanner,
];
