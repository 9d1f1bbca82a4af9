/**
 * Runbooks that a user starts by name, and that a model looks up as skills.
 *
 * @module
 */
import type { Prompt } from "../prompt.ts";
import type { Resource } from "../resource.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { cleanUpIdle } from "./clean_up_idle_runbook.ts";
import { deployApp } from "./deploy_app_runbook.ts";
import { lifecycleCheck } from "./lifecycle_check_runbook.ts";
import { onboardTeam } from "./onboard_team_runbook.ts";
import { snapshotBeforeChange } from "./snapshot_before_change_runbook.ts";
import { troubleshootContainer } from "./troubleshoot_container_runbook.ts";
import { usageReport } from "./usage_report_runbook.ts";

/** Every runbook, in the order in which it is listed. */
export const runbooks: readonly Runbook[] = [
  onboardTeam,
  usageReport,
  troubleshootContainer,
  cleanUpIdle,
  lifecycleCheck,
  snapshotBeforeChange,
  deployApp,
];

/** Every prompt, in the order in which it is listed. */
export const prompts: readonly Prompt[] = runbooks.map(({ prompt }) => prompt);

/** The same runbooks as skills. */
export const skills: readonly Resource[] = runbooks.map(({ skill }) => skill);
