/**
 * What a token needs for each operation, as the daemon checks it before anything else. That it must be the
 * container's owner's is not in here: the daemon says so.
 *
 * @module
 */

/** Operations by the scope that a token with scopes must have. */
const byScope: Readonly<Record<string, string>> = {
  "agents:call": "SendAgentTask",
  "agents:read": "GetAgentSkill ListAgentSkills",
  "agents:run": "CompleteAgentTask EnqueueAgentTask LeaseAgentTask RunAgentSkill StartAgentWorker",
  "alerts:read": "GetAlertRule ListAlertRules ListWebhookDeliveries",
  "alerts:write":
    "CreateAlertRule DeleteAlertRule TestWebhook UpdateAlertRule UpdateAlertingConfig",
  "backups:read": "GetBackup ListBackups",
  "backups:write": "CreateBackup DeleteBackup RestoreBackup VerifyBackup",
  "clusters:read": "GetCluster GetClusterStatus ListClusters",
  "clusters:write": "CreateCluster DeleteCluster GetClusterKubeconfig UpdateClusterNodePool",
  "containers:read": "GetApp GetAppLogs GetContainer GetRecipe ListApps ListContainers ListRecipes",
  "containers:write":
    "CreateContainer CreateContainerSnapshot DeleteApp DeleteContainer DeleteContainerSnapshot DeployApp DeployRecipe " +
    "GetWorkspaceAccess ResizeContainer RestartApp RollbackContainerSnapshot SetContainerAttribution SetContainerDeletePolicy " +
    "SetContainerTTL StartApp StartContainer StopApp StopContainer ToggleAutoSleep ToggleMonitoring",
  "crews:read": "GetCrew GetCrewRun ListCrews",
  "crews:run": "RunCrew",
  "kms:admin": "GetEnvelopeCoverage GetKMSStatus MigrateToEnvelope",
  "routes:read": "GetRoutes",
  "routes:write": "AddRoute DeleteRoute StartEgressProxy StopEgressProxy UpdateRoute",
  "secrets:read": "GetSecret ListSecrets",
  "secrets:write": "DeleteSecret RefreshSecrets SetSecret",
  "security:read": "GetClamavSummary GetPentestFindingSummary GetPentestScanRun GetScanStatus " +
    "GetZapAlertSummary GetZapReport ListClamavReports ListPentestFindings ListPentestScanRuns " +
    "ListZapAlerts ListZapScanRuns",
  "security:write":
    "InstallPentestTool InstallZap RemediatePentestFinding SuppressPentestFinding " +
    "SuppressZapAlert TriggerClamavScan TriggerPentestScan TriggerZapScan",
  "ssh:write": "AddSSHKey RemoveSSHKey",
  "tokens:write": "RevokeToken",
  "traffic:read": "GetConnectionSummary GetConnections GetTrafficAggregates QueryTrafficHistory",
  "volumes:read": "GetVolume ListVolumes",
  "volumes:write": "AttachVolume CreateVolume DeleteVolume DetachVolume",
};

/** Operations that need the admin role, whatever they are about. */
const forAdmins = "AddPassthroughRoute AddRoute AdoptMigratedContainer AdvertiseCapacity " +
  "CreateAlertRule DeleteAlertRule DeleteNetworkPolicy DeleteNetworkPolicySignature " +
  "DeletePassthroughRoute DeleteRoute DeleteTenantStorage GetAlertRule GetCapabilityProfile " +
  "GetCapacityHeadroom GetClamavSummary GetEnvelopeCoverage GetKMSStatus " +
  "GetMetricsExport GetNetworkTopology GetPentestFindingSummary GetScanStatus GetSelfMeasurement " +
  "GetSystemInfo GetUpgradeStatus GetZapAlertSummary GetZapReport InstallPentestTool InstallZap " +
  "ListAlertRules ListBackends ListDNSRecords ListPassthroughRoutes ListWebhookDeliveries " +
  "ListZapAlerts ListZapScanRuns MigrateToEnvelope MoveContainer PatchNetworkPolicyDenyRules " +
  "PrepareEncryptedMigration ProfileBackend RevokeToken RewrapContainer SetMetricsExport " +
  "SetNetworkPolicy SetNetworkPolicySignature SuppressPentestFinding SuppressZapAlert TestWebhook " +
  "TriggerUpgrade TriggerZapScan UpdateAlertRule UpdateAlertingConfig UpdatePassthroughRoute " +
  "UpdateRoute ValidateGPU WithdrawCapacity";

/** Operations that need the admin role or this scope, which a token without scopes does not have. */
const adminOr: Readonly<Record<string, string>> = {
  "audit:read": "ListAuditLogs",
  "network-policy:read": "GetNetworkPolicy ListNetworkPolicies ListNetworkPolicySignatures",
  "tokens:read": "ListRevokedTokens",
};

/** What a token needs for an operation. */
export interface Gate {
  /** Scope that a token with scopes needs. */
  readonly scope?: string | undefined;
  /** Whether it needs the admin role. */
  readonly admin: boolean;
  /** Scope that stands in for the admin role. */
  readonly adminOr?: string | undefined;
}

/** Ids that the tables name: each must be an operation. */
export function gatedIds(): readonly string[] {
  return [...Object.values(byScope), forAdmins, ...Object.values(adminOr)].flatMap(ids);
}

/** Returns what a token needs for an operation. */
export function gateOf(id: string): Gate {
  return {
    scope: keyOf(byScope, id),
    admin: ids(forAdmins).includes(id),
    adminOr: keyOf(adminOr, id),
  };
}

function keyOf(table: Readonly<Record<string, string>>, id: string): string | undefined {
  return Object.entries(table).find(([, text]) => ids(text).includes(id))?.[0];
}

function ids(text: string): readonly string[] {
  return text.split(" ");
}
