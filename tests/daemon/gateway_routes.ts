/** All endpoints of the gateway, by area. @module */

import { aclRoutes } from "./acl.ts";
import { agentSkillRoutes } from "./agent_skills.ts";
import { agentTaskRoutes } from "./agent_tasks.ts";
import { alertWebhookRoutes } from "./alert_webhook.ts";
import { alertRoutes } from "./alerts.ts";
import { appRoutes } from "./apps.ts";
import { backupVerificationRoutes } from "./backup_verification.ts";
import { backupRoutes } from "./backups.ts";
import { clamavRoutes } from "./clamav.ts";
import { collaboratorRoutes } from "./collaborators.ts";
import { containerRoutes } from "./containers.ts";
import { capacityRoutes } from "./capacity.ts";
import { clusterRoutes } from "./clusters.ts";
import { connectionRoutes } from "./connections.ts";
import { createRoutes } from "./create.ts";
import { crewRoutes } from "./crews.ts";
import { egressRelayRoutes } from "./egress_relay.ts";
import { encryptionRoutes } from "./encryption.ts";
import { kmsRoutes } from "./kms.ts";
import { attributionRoutes } from "./labels.ts";
import { lifeCycleRoutes } from "./life_cycle.ts";
import { metricsRoutes } from "./metrics.ts";
import { monitoringRoutes } from "./monitoring.ts";
import { moveRoutes } from "./move.ts";
import { networkPolicyRoutes } from "./network_policies.ts";
import { networkRoutes } from "./network_routes.ts";
import { networkSignatureRoutes } from "./network_signatures.ts";
import { passthroughRoutes } from "./passthrough.ts";
import { pentestRoutes } from "./pentest.ts";
import { recipeRoutes } from "./recipes.ts";
import { secretRoutes } from "./secrets.ts";
import { settingsRoutes } from "./settings.ts";
import { snapshotRoutes } from "./snapshots.ts";
import { sshKeyRoutes } from "./ssh_keys.ts";
import { stackRoutes } from "./stacks.ts";
import { systemRoutes } from "./system.ts";
import { tokenRoutes } from "./tokens.ts";
import { volumeRoutes } from "./volumes.ts";
import { workspaceRoutes } from "./workspace.ts";
import { zapRoutes } from "./zap.ts";
import { GrpcError } from "./reply.ts";
import type { Route } from "./route.ts";

/** All of them. A new area adds its list here. */
export const gatewayRoutes: readonly Route[] = [
  ...containerRoutes,
  ...createRoutes,
  ...lifeCycleRoutes,
  ...attributionRoutes,
  ...settingsRoutes,
  ...sshKeyRoutes,
  ...snapshotRoutes,
  ...metricsRoutes,
  ...moveRoutes,
  ...systemRoutes,
  ...stackRoutes,
  ...recipeRoutes,
  ...networkRoutes,
  ...passthroughRoutes,
  ...secretRoutes,
  ...kmsRoutes,
  ...collaboratorRoutes,
  ...aclRoutes,
  ...withPostgres("NetworkPolicyService", networkPolicyRoutes),
  ...withPostgres("NetworkPolicyService", networkSignatureRoutes),
  ...monitoringRoutes,
  ...egressRelayRoutes,
  ...encryptionRoutes,
  ...workspaceRoutes,
  ...backupRoutes,
  ...backupVerificationRoutes,
  ...withPostgres("TokensService", tokenRoutes),
  ...alertRoutes,
  ...alertWebhookRoutes,
  ...withPostgres("SecurityService", clamavRoutes),
  ...withPostgres("PentestService", pentestRoutes),
  ...withPostgres("ZapService", zapRoutes),
  ...agentSkillRoutes,
  ...agentTaskRoutes,
  ...crewRoutes,
  ...volumeRoutes,
  ...appRoutes,
  ...capacityRoutes,
  ...withPostgres("ClusterService", clusterRoutes),
  ...connectionRoutes,
];

/**
 * Routes of a service that a daemon has with Postgres only. Of the names in its words, only TokensService and
 * AppService are known.
 */
function withPostgres(service: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (call) => {
      if (call.world.services.postgres) return route.handle(call);
      throw new GrpcError("Unimplemented", `unknown service containarium.v1.${service}`);
    },
  }));
}
