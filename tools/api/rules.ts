/**
 * What this server knows of operations beyond their description: which tool guards one, which are not
 * called, what others lose, and how they mislead. From recordings of real daemons.
 *
 * @module
 */
import { own } from "../../client/internal.ts";

/** What applies to one operation. */
export interface Rule {
  /**
   * Tool that does the same with checks that a bare call walks around: quotas, protection, consent, whose
   * it is, what the daemon does silently. The operation is not called.
   */
  readonly guardedBy?: string | undefined;
  /** Tool that reads the same, better. The operation can be called. */
  readonly tool?: string | undefined;
  /** Why it is not called. */
  readonly refused?: string | undefined;
  /** What a call loses: the user is asked. Every DELETE asks, too. */
  readonly loses?: string | undefined;
  /** What a call gives away, of power or of what the host has: the user is asked. */
  readonly gives?: string | undefined;
  /** Whether it creates containers, disks or virtual machines that no quota counts. */
  readonly creates?: true | undefined;
  /** How it misleads, or what it needs. */
  readonly note?: string | undefined;
}

const betweenDaemons = "it is for daemons among themselves";
const notMounted = "released daemons do not serve it over REST";
const runsAgent =
  "Creates containers that take CPUs, memory and disk of the host, and runs agents in them.";
const stream = "it is a stream, which does not end";

const guards: Readonly<Record<string, string>> = {
  "create_container": "CreateContainer",
  "delete_container": "DeleteContainer",
  "start_container": "StartContainer",
  "stop_container": "StopContainer",
  "resize_container": "ResizeContainer",
  "update_container":
    "RemoveLabel SetContainerAttribution SetContainerDeletePolicy SetContainerTTL SetLabels " +
    "ToggleAutoSleep ToggleMonitoring UpdateContainerACL",
  "cleanup_disk": "CleanupDisk",
  "move_container": "MoveContainer",
  "add_ssh_key": "AddSSHKey",
  "remove_ssh_key": "RemoveSSHKey",
  "create_snapshot": "CreateContainerSnapshot",
  "restore_snapshot": "RollbackContainerSnapshot",
  "delete_snapshot": "DeleteContainerSnapshot",
  "create_from_recipe": "DeployRecipe",
  "install_stack": "InstallStack",
  "open_terminal": "OpenTerminal",
  "expose_port": "AddPassthroughRoute AddRoute UpdatePassthroughRoute UpdateRoute",
  "remove_route": "DeletePassthroughRoute DeleteRoute",
  // The daemon shows every tenant's routes to any token.
  "list_routes": "GetRoutes ListPassthroughRoutes",
  "get_secret": "GetSecret",
  "set_secret": "SetSecret",
  "delete_secret": "DeleteSecret",
  "run_agent": "RunAgentSkill RunCrew",
  "validate_gpu": "ValidateGPU",
  "revoke_token": "RevokeToken",
  "add_collaborator": "AddCollaborator",
  "remove_collaborator": "RemoveCollaborator",
  "set_alert": "CreateAlertRule UpdateAlertRule",
  "delete_alert": "DeleteAlertRule",
  "set_metrics_export": "SetMetricsExport",
  "migrate_secrets": "MigrateToEnvelope",
  // A bare call has the password in the conversation, and may send it to another host.
  "create_backup": "CreateBackup",
  "restore_backup": "RestoreBackup",
  "verify_backup": "VerifyBackup",
  "delete_backup": "DeleteBackup",
  "resolve_finding": "RemediatePentestFinding SuppressPentestFinding SuppressZapAlert",
  "install_scanner": "InstallPentestTool InstallZap",
};

const readers: Readonly<Record<string, string>> = {
  "list_containers": "ListContainers",
  "get_container": "DebugContainer GetContainer ListLabels",
  "get_metrics": "GetContainerMetrics GetMetrics",
  "get_system_info": "GetLatestRelease GetSystemInfo",
  "list_backends": "ListBackends",
  "list_snapshots": "ListContainerSnapshots",
  "list_templates": "GetRecipe ListRecipes ListStacks",
  "list_secrets": "ListSecrets",
  "list_agents": "GetAgentSkill GetCrew ListAgentSkills ListCrews",
  "get_audit_log": "ListAuditLogs",
  "list_collaborators": "ListCollaborators",
  "list_alerts": "GetAlertingInfo GetAlertRule ListAlertRules ListDefaultAlertRules",
  "get_kms_status": "GetEnvelopeCoverage GetKMSStatus",
  "list_backups": "GetBackup ListBackups",
  "list_findings":
    "GetClamavSummary GetPentestFindingSummary GetZapAlertSummary ListClamavReports " +
    "ListPentestFindings ListZapAlerts",
};

const others: Readonly<Record<string, Rule>> = {
  AdoptMigratedContainer: { refused: betweenDaemons },
  AdvertiseCapacity: { gives: "Lets others run their work on what the host has to spare." },
  AttachVolume: { gives: "The container can read the volume, and write to it unless readOnly." },
  CreateCluster: {
    creates: true,
    gives: "Takes CPUs, memory and disk of the host for each node.",
    note: "Goes on after the answer: call GetCluster.",
  },
  CreateVolume: { creates: true, gives: "Takes disk of the host." },
  DeployApp: {
    loses: "Replaces the app of that name, if there is one.",
    note:
      "Builds inside the container, which takes minutes. The route to it is removed within seconds: " +
      "call expose_port. A deployment that failed stays in the list.",
  },
  DetachVolume: { loses: "The container loses what is mounted there." },
  DisableCompose: { refused: notMounted },
  DiscoverCompose: { refused: notMounted },
  EnableCompose: { refused: notMounted },
  GetComposeStatus: { refused: notMounted },
  EnrollHost: { refused: betweenDaemons },
  Heartbeat: { refused: betweenDaemons },
  ReportContainerState: { refused: betweenDaemons },
  ReportHostStatus: { refused: betweenDaemons },
  ExportClamavReports: { refused: "it answers CSV; ListClamavReports has the same" },
  GetBackendSystemInfo: { refused: betweenDaemons, tool: "get_system_info" },
  GetClusterKubeconfig: {
    note: "The kubeconfig is hidden unless show_secrets. owner defaults to the caller.",
  },
  GetWorkspaceAccess: { note: "The token is hidden unless show_secrets." },
  ListAuditLogs: {
    note: "from and to are RFC 3339. resource_type, not resourceType. 50 rows by default.",
  },
  ListPentestFindings: {
    note:
      "With containerName, open ports and findings of the web scanner are missing: an empty list " +
      "does not mean that all is well. Needs the admin role without containerName.",
  },
  PatchNetworkPolicyDenyRules: { loses: "Changes what the tenant's containers can reach." },
  PrepareEncryptedMigration: { refused: betweenDaemons },
  RefreshSecrets: { note: "stamped 0 means that nothing was delivered." },
  RefreshToken: { refused: "it would put tokens into the conversation" },
  RestartApp: { loses: "Interrupts the app." },
  RewrapContainer: {
    loses: "Encrypts the tenant's storage with another key, and may restart containers.",
  },
  StartAgentWorker: { creates: true, gives: runsAgent },
  SendAgentTask: {
    tool: "call_agent",
    note: "Read state: a task that failed is answered like a success.",
  },
  SetNetworkPolicy: {
    loses: "Replaces the tenant's policy, if there is one.",
    note:
      "mode is LOG_ONLY unless sent. denyRules are answered and not stored: use PatchNetworkPolicyDenyRules.",
  },
  SetNetworkPolicySignature: { loses: "Replaces the signature of that name, if there is one." },
  StartEgressProxy: { loses: "Ends the container's relay that is open, if there is one." },
  StopApp: { loses: "Stops the app." },
  SubscribeEvents: { refused: stream },
  SubscribeTraffic: { refused: stream },
  TriggerClamavScan: {
    tool: "scan_container",
    note:
      "containerName is the full name, such as alice-container; without it, of all, by the admin role. " +
      "A container that does not exist is queued as well.",
  },
  TriggerPentestScan: {
    tool: "scan_container",
    note:
      "modules is ignored. Without containerName, of all, by the admin role. A container that does not " +
      "exist is queued as well.",
  },
  TriggerZapScan: {
    tool: "scan_container",
    note: "Completes without ZAP, and has looked at nothing then.",
  },
  TriggerUpgrade: {
    refused:
      "it answers 404 on every released daemon; get_system_info with check_updates says what " +
      "the host's operator runs instead",
  },
  UpdateAlertingConfig: {
    loses: "Replaces the webhook: {} removes it.",
    note: "webhookSecret is answered once, and hidden unless show_secrets.",
  },
  UpdateClusterNodePool: {
    loses: "Replaces the cluster's node groups; nodes of others are deleted.",
    creates: true,
  },
};

/** Names of the tools that the tables name: each must exist. */
export const namedTools: readonly string[] = [
  ...Object.keys(guards),
  ...Object.keys(readers),
  ...Object.values(others).flatMap(({ tool }) => tool ?? []),
];

/** Ids that the tables name: each must be an operation. */
export const ruledIds: readonly string[] = [
  ...[...Object.values(guards), ...Object.values(readers)].flatMap((text) => text.split(" ")),
  ...Object.keys(others),
];

/** Returns what applies to an operation. */
export function ruleOf(id: string): Rule {
  return {
    ...own(others, id),
    ...(keyOf(guards, id) === undefined ? {} : { guardedBy: keyOf(guards, id) }),
    ...(keyOf(readers, id) === undefined ? {} : { tool: keyOf(readers, id) }),
  };
}

function keyOf(table: Readonly<Record<string, string>>, id: string): string | undefined {
  return Object.entries(table).find(([, text]) => text.split(" ").includes(id))?.[0];
}
