/** The demo's part for toolsets that are off unless chosen: scans, Compose, GPUs, runners, agents. @module */
import type { Daemon } from "../../tests/daemon/mod.ts";
import type { RunnerWorld } from "../../tests/github/runner_box.ts";
import { connectWithPolicy } from "../../tests/with_policy.ts";
import { call, explained } from "./voice.ts";

const username = "alice";

/** Runs a project of one container. */
export const podman =
  `case "$1 $2" in 'compose version') echo 2 ;; 'ps -a') echo running ;; esac\n`;

/** What a scan finds in a container. */
export const finding = {
  username,
  category: "trivy",
  severity: "critical",
  title: "openssl: overflow",
  target: "alice-container (usr/bin/openssl)",
  evidence: "Package: openssl, Installed: 3.0.1, Fixed: 3.0.2",
  cveIds: "CVE-2026-0001",
  remediation: "Upgrade openssl from 3.0.1 to 3.0.2",
} as const;

/** Scan → Compose → GPU → runner → agent. */
export async function chooseToolsets(daemon: Daemon, world: RunnerWorld): Promise<void> {
  await explained("What few need is off unless chosen: --toolsets default,security or all.");
  await using host = await connectWithPolicy(daemon, {}, {}, world.env);
  const server = host.session;

  await explained("Scan a container, and upgrade what is vulnerable (security).");
  await call(server, "scan_container", { username });
  await call(server, "list_findings", { username });
  await call(server, "resolve_finding", { kind: "pentest", id: 1, action: "fix" });

  await explained("Find Compose projects (compose), and try a GPU (fleet).");
  const command = "mkdir shop && echo 'services: {}' >shop/compose.yaml";
  await call(server, "run_command", { username, command });
  await call(server, "manage_compose", { username, action: "find" });
  await call(server, "validate_gpu");

  await explained("A container that runs the CI jobs of a repository (runners).");
  await call(server, "provision_runners", { repo: "acme/shop", prefix: "job" });
  await call(server, "list_runners", { repo: "acme/shop" });
  await call(server, "remove_runner", { username: "job-1" });

  await explained("Another agent, in a container of its own (agents).");
  await call(server, "run_agent", { agent: "hello-agent", input: "Say hello" });
}
