/**
 * A typed client of the Containarium daemon's REST API. It loads no zod, no MCP SDK and none of the tools.
 *
 * ```ts
 * import { assert } from "@std/assert";
 * import { ContainariumClient } from "@containarium/mcp-server/client";
 *
 * // Stands in for a daemon.
 * const answer = { containers: [{ username: "alice", state: "CONTAINER_STATE_RUNNING" }] };
 * await using daemon = Deno.serve(
 *   { hostname: "localhost", port: 0, onListen: () => {} },
 *   () => Response.json(answer),
 * );
 *
 * const serverUrl = `http://localhost:${daemon.addr.port}`;
 * using client = new ContainariumClient({ serverUrl, token: "ctnr_example" });
 * const [alice] = await client.containers.list({ state: "running" });
 * assert(alice?.username === "alice");
 * ```
 *
 * The examples of the methods run as tests: they start the simulated daemon of the repository, which the
 * package does not contain. Elsewhere, pass the URL and the token of a daemon instead.
 *
 * @module
 */
export type { Api, ApiRequestOptions } from "./api/api.ts";
export type {
  AgentAnswer,
  AgentRun,
  Agents,
  AgentSkill,
  AgentTaskOptions,
  AgentWork,
  AgentWorkState,
  CallAgentOptions,
  Crew,
  CrewRun,
  Crews,
} from "./agents/mod.ts";
export type { AccessPreset, AccessRules } from "./access_rules/mod.ts";
export type { AgreedContainer } from "./containers/agreed.ts";
export type {
  CatalogParameter,
  Deployment,
  DeployOptions,
  DeployResult,
  DeploySpec,
  DeployWaitOptions,
  InstallOptions,
  InstallResult,
  PreparedDeployment,
  Recipe,
  Recipes,
  Stack,
  Stacks,
} from "./catalog/mod.ts";
export type {
  AuditEntry,
  AuditLog,
  AuditPage,
  EnvelopeCoverage,
  KeyService,
  KeyServiceStatus,
  ListAuditOptions,
  MetricsExport,
  MetricsExportSettings,
  MetricsExportStatus,
  MetricsGroup,
  MetricsProvider,
  MigrateOptions,
  MigrationFailure,
  MigrationResult,
  Revocation,
  Revocations,
  RevokeResult,
  SetExportOptions,
  SetExportResult,
} from "./administration/mod.ts";
export type {
  AgreedAlert,
  Alert,
  AlertDelivery,
  Alerts,
  AlertSettings,
  AlertSeverity,
  ChangeAlertOptions,
  DeleteAlertResult,
  SetAlertResult,
} from "./alerts/mod.ts";
export type {
  Backend,
  Backends,
  Capacity,
  CoreService,
  Gpu,
  GpuCheck,
  HostFacts,
  ListBackendsOptions,
  MoveOptions,
  MoveResult,
  Release,
} from "./backends/mod.ts";
export type {
  AgreedBackup,
  Backup,
  BackupDestination,
  Backups,
  CreateBackupOptions,
  CreateBackupResult,
  DatabaseLogin,
  DeleteBackupOptions,
  DeleteBackupResult,
  HeldOptions,
  ListBackupsOptions,
  LookBackupOptions,
  MadeBackups,
  RestoreBackupOptions,
  RestoreBackupResult,
  Verification,
  VerificationCheck,
  VerifyBackupOptions,
  VerifyBackupResult,
} from "./backups/mod.ts";
export { type ClientOptions, ContainariumClient } from "./client.ts";
export type {
  AddCollaboratorOptions,
  AddCollaboratorResult,
  Collaborator,
  Collaborators,
  RemoveCollaboratorOptions,
  RemoveCollaboratorResult,
} from "./collaborators/mod.ts";
export type { Container, ContainerState, Encryption, Limits } from "./containers/container.ts";
export type { ContainerRow } from "./containers/container_row.ts";
export type { CallOptions } from "./async/call_options.ts";
export type { Containers } from "./containers/containers.ts";
export type { ContainerReader, WaitOptions } from "./containers/reader.ts";
export type { ChangeResult, StartOptions, StopOptions } from "./containers/start_stop.ts";
export type { CleanupOptions, CleanupResult } from "./containers/cleanup.ts";
export {
  type CreateOptions,
  type CreateResult,
  type OsName,
  type OsType,
  osTypes,
} from "./containers/create_options.ts";
export type { Firewall } from "./containers/firewall.ts";
export type { IgnorableSetting } from "./containers/ignorable_setting.ts";
export type { DeleteOptions, DeleteResult } from "./containers/delete.ts";
export type { DeleteLaterOptions, DeleteLaterResult } from "./containers/delete_later.ts";
export type { DeletionRecord } from "./containers/deletion_record.ts";
export type { RecoverableContainers } from "./containers/recoverable.ts";
export type { UndeleteResult } from "./containers/undelete.ts";
export type { Diagnosis } from "./containers/diagnosis.ts";
export {
  ContainariumError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorInit,
  type ErrorReason,
} from "./errors.ts";
export type {
  ContainerEvent,
  ContainerEventKind,
  Events,
  EventTimes,
  EventWatcher,
} from "./events/mod.ts";
export type {
  FetchOptions,
  FileEntry,
  FileSource,
  FileTarget,
  FileTransfers,
  FinishedFile,
  FolderEntry,
  LinkEntry,
  LocalState,
  Removal,
  Replacement,
  SkippedEntry,
  SyncOptions,
  SyncResult,
  TransferOptions,
  TransferResult,
  TreeEntry,
} from "./files/mod.ts";
export type {
  Leftover,
  LeftoverKind,
  LeftoverList,
  LeftoverOwner,
  LeftoverRemoval,
  Leftovers,
  ListLeftoversOptions,
  RemainingLeftover,
  RemoveLeftoversOptions,
  UnreadLeftovers,
} from "./leftovers/mod.ts";
export type { GitHub, GitHubOptions, GitHubRunner, RunnerDownload } from "./github/github.ts";
export type { ListOptions } from "./containers/list.ts";
export type {
  DenyRule,
  NetworkPolicies,
  NetworkPolicy,
  RemovePolicyOptions,
  RemovePolicyResult,
} from "./network_policies/mod.ts";
export type { RestartOptions, RestartResult, RestartStep } from "./containers/restart.ts";
export type { Logger, LogLevel } from "./text/log.ts";
export type { ContainerMetrics, Metrics } from "./containers/metrics.ts";
export type { ResizeOptions, ResizeResult } from "./containers/resize.ts";
export type { ContainerSettings } from "./containers/settings.ts";
export type {
  ContainerChanges,
  Setting,
  UpdateOptions,
  UpdateResult,
} from "./containers/update.ts";
export type {
  AgreedFinding,
  Coverage,
  Finding,
  FindingCounts,
  FindingList,
  FindingStatus,
  FixFindingResult,
  InstallableScanner,
  InstalledScanners,
  ListFindingsOptions,
  Missing,
  ResolveFindingOptions,
  Scanner,
  ScanOptions,
  ScanOutcome,
  Security,
  Severity,
  SuppressFindingOptions,
} from "./security/mod.ts";
export {
  type AgreedSecret,
  type DeleteSecretOptions,
  type DeleteSecretResult,
  type GetSecretOptions,
  randomSecret,
  type RefreshSecretsResult,
  type RevealedSecret,
  type Secret,
  type SecretDelivery,
  type Secrets,
  type SetSecretOptions,
  type SetSecretResult,
} from "./secrets/mod.ts";
export type {
  AgreedSnapshot,
  CreateSnapshotOptions,
  DeleteSnapshotOptions,
  DeleteSnapshotResult,
  RestoreOptions,
  RestorePlan,
  RestoreResult,
  RestoreStep,
  RollbackOptions,
  RollbackResult,
  Snapshot,
  Snapshots,
} from "./snapshots/mod.ts";
export type {
  AgreedRoute,
  DomainAddress,
  DomainProtocol,
  DomainRoute,
  ExposeOptions,
  ExposeResult,
  NetworkRoute,
  PortAddress,
  PortProtocol,
  PortRoute,
  RemoveRouteOptions,
  RemoveRouteResult,
  RouteAddress,
  Routes,
  RouteTarget,
  SwitchRouteResult,
} from "./routes/mod.ts";
export type {
  AddKeyOptions,
  KeyChange,
  KeyList,
  KeyOutlook,
  KeyPlace,
  KeyRemovalPlan,
  KeyReport,
  PublicKeyRules,
  RemoveKeyOptions,
  SshKey,
  SshKeys,
} from "./ssh_keys/mod.ts";
export type { Host, System, SystemInfo } from "./backends/system.ts";
export type { Credentials, TokenFile, TokenOption } from "./auth/token.ts";
export type { JsonObject } from "./wire.ts";
export type { TokenClaims } from "./auth/token_claims.ts";
export type { Method } from "./transport/http.ts";
export { version } from "./transport/version.ts";
export type { Omission, RunOptions, RunResult } from "./terminal/run_options.ts";
export type { OpenOptions, Shell } from "./terminal/shell.ts";
export type { ContainerTerminal } from "./terminal/terminal.ts";
