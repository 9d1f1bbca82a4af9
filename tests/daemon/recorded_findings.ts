/** What the scanners of the recorded daemons found. @module */

import type { FindingSeed, ZapAlertSeed } from "./mod.ts";

/** By pentests of rec1 with all scanners. */
export const recordedFindings: readonly FindingSeed[] = [
  {
    username: "rec1",
    category: "dns",
    severity: "medium",
    title: "Missing DMARC record",
    target: "rec.test",
    description: "No DMARC record found for the domain. This weakens email authentication.",
    evidence: "No TXT record at _dmarc.rec.test",
    remediation: "Add a DMARC TXT record at _dmarc.rec.test",
    targetType: "route",
  },
  {
    username: "rec1",
    category: "nuclei",
    severity: "medium",
    title: "Git Config - Detect",
    target: "https://scan.rec.test/.git/config",
    description: "Exposed git config.",
    evidence: "Template: git-config, Matched at: https://scan.rec.test/.git/config",
    remediation: "References: https://example.org/git",
    targetType: "route",
  },
  {
    username: "rec1",
    category: "ports",
    severity: "medium",
    title: "Undeclared open port: 22 (SSH)",
    target: "10.77.0.93:22 (rec1-container)",
    description: "Port 22 (SSH) is open on 10.77.0.93 but not declared as an exposed service.",
    evidence: "TCP connect to 10.77.0.93:22 succeeded",
    remediation:
      "If SSH is not needed, close port 22. If intentional, declare it as an exposed route.",
    targetType: "container",
  },
  {
    username: "rec1",
    category: "trivy",
    severity: "critical",
    title: "recpkg: overflow",
    target: "rec1-container (usr/bin/recpkg)",
    description: "A made-up flaw.",
    evidence: "Package: recpkg, Installed: 1.0, Fixed: 1.1",
    cveIds: "CVE-2026-0001",
    remediation: "Upgrade recpkg from 1.0 to 1.1",
    targetType: "container",
  },
  {
    username: "rec1",
    category: "trivy",
    severity: "high",
    title: "CVE-2026-0002 in tool",
    target: "rec1-container (opt/tool/bin/tool)",
    description: "Another.",
    evidence: "Package: tool, Installed: 0.1, Fixed: ",
    cveIds: "CVE-2026-0002",
    remediation: "No fix available yet. Monitor for updates.",
    targetType: "container",
  },
];

/** By ZAP. */
export const recordedZapAlerts: readonly ZapAlertSeed[] = [
  {
    username: "rec1",
    pluginId: "10038",
    alertName: "Content Security Policy (CSP) Header Not Set",
    risk: "medium",
    confidence: "high",
    description: "CSP is missing.",
    url: "https://scan.rec.test/",
    method: "GET",
    solution: "Set the header.",
    cweIds: "CWE-693",
    references: "https://developer.mozilla.org/en-US/docs/Web/HTTP/CSP",
  },
  {
    username: "rec1",
    pluginId: "40018",
    alertName: "SQL Injection",
    risk: "high",
    confidence: "medium",
    description: "SQL injection may be possible.",
    url: "https://scan.rec.test/q?id=1",
    method: "POST",
    evidence: "syntax error",
    solution: "Use bound parameters.",
    cweIds: "CWE-89",
  },
  {
    username: "rec1",
    pluginId: "10096",
    alertName: "Timestamp Disclosure",
    risk: "informational",
    confidence: "low",
    description: "A time stamp.",
    url: "https://scan.rec.test/",
    method: "GET",
    evidence: "1700000000",
  },
];

const openPort = (username: string, address: string): FindingSeed => ({
  username,
  category: "ports",
  severity: "medium",
  title: "Undeclared open port: 22 (SSH)",
  description: `Port 22 (SSH) is open on ${address} but not declared as an exposed service.`,
  target: `${address}:22 (${username}-container)`,
  evidence: `TCP connect to ${address}:22 succeeded`,
  remediation:
    "If SSH is not needed, close port 22. If intentional, declare it as an exposed route.",
});

/** The same several times: each that is met counts the ids on, as far as they were when the next was found. */
const times = (count: number, finding: FindingSeed) => Array.from({ length: count }, () => finding);

/** By pentests without scanners: first the domain's, and rec1's port. */
export const recordedFirst: readonly FindingSeed[] = [
  ...recordedFindings.filter(({ category }) => category === "dns")
    .flatMap((finding) => times(4, finding)),
  openPort("rec1", "10.77.0.37"),
];
/** Then that port again, and rec2's. */
export const recordedSecond: readonly FindingSeed[] = [
  ...times(6, openPort("rec1", "10.77.0.37")),
  openPort("rec2", "10.77.0.134"),
];
