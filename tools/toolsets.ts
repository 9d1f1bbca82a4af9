/**
 * Which tools there are.
 *
 * @module
 */
import { adminTools } from "./admin/mod.ts";
import { agentTools } from "./agents/mod.ts";
import { apiTools } from "./api/mod.ts";
import { backupTools } from "./backups/mod.ts";
import { bulkTools } from "./bulk/mod.ts";
import { composeTools } from "./compose/mod.ts";
import { containerTools } from "./containers/mod.ts";
import { fileTools } from "./files/mod.ts";
import { fleetTools } from "./fleet/mod.ts";
import { logTools } from "./logs/mod.ts";
import { quotaTools } from "./quotas/mod.ts";
import { routeTools } from "./routes/mod.ts";
import { runnerTools } from "./runners/mod.ts";
import { secretTools } from "./secrets/mod.ts";
import { securityTools } from "./security/mod.ts";
import { snapshotTools } from "./snapshots/mod.ts";
import { sshKeyTools } from "./ssh_keys/mod.ts";
import { templateTools } from "./templates/mod.ts";
import { terminalTools } from "./terminal/mod.ts";
import type { Tool } from "./tool.ts";

/** Toolsets that are on unless the user chooses others, in the order in which their tools are listed. */
export const defaultToolsets = {
  containers: containerTools,
  terminal: terminalTools,
  logs: logTools,
  "ssh_keys": sshKeyTools,
  snapshots: snapshotTools,
  templates: templateTools,
  quotas: quotaTools,
  bulk: bulkTools,
  fleet: fleetTools,
  routes: routeTools,
  secrets: secretTools,
  api: apiTools,
} as const satisfies Readonly<Record<string, readonly Tool[]>>;

/** Toolsets that are off unless the user chooses them: `--toolsets default,backups`. */
export const optInToolsets = {
  files: fileTools,
  backups: backupTools,
  security: securityTools,
  admin: adminTools,
  agents: agentTools,
  runners: runnerTools,
  compose: composeTools,
} as const satisfies Readonly<Record<string, readonly Tool[]>>;

/** Every toolset, in the order in which its tools are listed. */
export const toolsets = { ...defaultToolsets, ...optInToolsets };

/** Every tool, in the order in which it is listed. */
export const registry: readonly Tool[] = Object.values(toolsets).flat();
