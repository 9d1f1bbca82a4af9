/**
 * Resources: the fleet, each container, and the host.
 *
 * @module
 */
import type { Resource } from "../resource.ts";
import { containerResource } from "./container_resource.ts";
import { containersInState, containersResource } from "./containers_resource.ts";
import { logsResource } from "./logs_resource.ts";
import { metricsResource } from "./metrics_resource.ts";
import { quotasResource } from "./quotas_resource.ts";
import { snapshotResource, snapshotsResource } from "./snapshots_resource.ts";
import { sshConfigResource } from "./ssh_config_resource.ts";
import { systemResource } from "./system_resource.ts";
import { templateResource, templatesResource } from "./templates_resource.ts";

/** What shows the same as a tool, in the order in which it is listed. */
export const resources: readonly Resource[] = [
  containersResource,
  systemResource,
  templatesResource,
  quotasResource,
  sshConfigResource,
  containerResource,
  metricsResource,
  logsResource,
  snapshotsResource,
  snapshotResource,
  containersInState,
  templateResource,
];
