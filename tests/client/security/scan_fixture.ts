/** What the tests of scans share. @module */
import {
  type Daemon,
  type DaemonOptions,
  type FindingSeed,
  startDaemon,
} from "../../daemon/mod.ts";

/** In alice's packages: it can be fixed. */
export const inPackage: FindingSeed = {
  username: "alice",
  category: "trivy",
  severity: "critical",
  title: "curl: overflow",
  target: "alice-container (usr/bin/curl)",
  evidence: "Package: curl, Installed: 1.0, Fixed: 1.1",
  cveIds: "CVE-2026-0001",
  remediation: "Upgrade curl from 1.0 to 1.1",
};

/** In a program of hers that no package manager knows. */
export const inProgram: FindingSeed = {
  ...inPackage,
  severity: "high",
  title: "tool: overflow",
  target: "alice-container (opt/tool)",
  evidence: "Package: tool, Installed: 0.1, Fixed: ",
};

/** An open port of hers. */
export const openPort: FindingSeed = {
  username: "alice",
  category: "ports",
  severity: "medium",
  title: "Undeclared open port: 22 (SSH)",
  target: "10.77.0.9:22 (alice-container)",
};

/** At a domain of hers. */
export const atDomain: FindingSeed = {
  username: "alice",
  category: "nuclei",
  severity: "low",
  title: "Git Config - Detect",
  target: "https://web.sim.test/.git/config",
  targetType: "route",
};

/** In bob's packages. */
export const ofBob: FindingSeed = {
  ...inPackage,
  username: "bob",
  target: "bob-container (usr/bin/curl)",
};

/** What ZAP finds at alice's domain. */
export const zapAlert = {
  username: "alice",
  alertName: "SQL Injection",
  risk: "high",
  url: "https://web.sim.test/q?id=1",
  method: "POST",
  solution: "Use bound parameters.",
  cweIds: "CWE-89",
} as const;

/** Starts a daemon with scanners, and a domain that leads to alice's container. */
export async function daemonWith(options: DaemonOptions = {}): Promise<Daemon> {
  return await startDaemon({
    containers: [{ username: "alice", ipAddress: "10.77.0.9" }, { username: "bob" }],
    routes: [{ domain: "web", targetIp: "10.77.0.9", targetPort: 80 }],
    coreServices: ["security"],
    findings: [inPackage, inProgram, openPort, atDomain, ofBob],
    zapAlerts: [zapAlert],
    ...options,
  });
}
