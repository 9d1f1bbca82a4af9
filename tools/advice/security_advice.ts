import type { ErrorReason } from "../../client/mod.ts";
import type { AdviceEntry } from "./advice_entry.ts";

type SecurityReason = Extract<
  ErrorReason,
  | "finding_missing"
  | "finding_unresolvable"
  | "remediation_failed"
  | "scanner_not_installed"
>;

/** What to do about failures of scans and of what they find. */
export const securityAdvice: Readonly<Record<SecurityReason, AdviceEntry>> = {
  "finding_missing": { next: "Call list_findings to see which findings there are." },
  "finding_unresolvable": {
    why: "The daemon upgrades packages that its package scanner (trivy) found, and nothing else.",
    next:
      "Do what the finding's fix says with run_command or the tool that it is about, then call " +
      "scan_container to confirm it.",
  },
  "remediation_failed": {
    why: "The package is not from the container's package manager, or has no fix yet.",
    next: "Tell the user. Upgrade what the finding names with run_command, or suppress the " +
      "finding if the user accepts it.",
  },
  "scanner_not_installed": {
    next: "Call install_scanner (admin role). If that fails, the host's operator has to: the " +
      "scanners run in the daemon's own security container, and are downloaded from GitHub.",
  },
};
