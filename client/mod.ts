/**
 * A typed client of the Containarium daemon's REST API.
 *
 * @module
 */
export { afterWrite } from "./transport/after_write.ts";
export {
  type AgreedContainer,
  isSameContainer,
  notAgreed,
  refuseOther,
  refuseOtherDeletion,
} from "./containers/agreed.ts";
export {
  type CatalogueParameter,
  chooseRecipe,
  deployLimits,
  type Deployment,
  type DeployOptions,
  type DeployResult,
  type DeploySpec,
  type DeployWaitOptions,
  type InstallOptions,
  type InstallResult,
  type PreparedDeployment,
  type Recipe,
  type Recipes,
  type Stack,
  type Stacks,
} from "./catalog/mod.ts";
export {
  type Backend,
  type Backends,
  type Capacity,
  headroomOf,
  type HostFacts,
  type ListBackendsOptions,
  type MoveOptions,
  type MoveResult,
  placeByHeadroom,
  type Placement,
} from "./backends/mod.ts";
export { type ClientOptions, ContainariumClient } from "./client.ts";
export {
  type Container,
  type ContainerState,
  deletionAt,
  isDeletedOnceStopped,
  isOfPeer,
  type Limits,
  unseenContainer,
} from "./containers/container.ts";
export type { CallOptions } from "./call_options.ts";
export type { Containers } from "./containers/containers.ts";
export type { ContainerReader, WaitOptions } from "./containers/reader.ts";
export type { ChangeResult, StartOptions, StopOptions } from "./containers/start_stop.ts";
export {
  type CreateOptions,
  type CreateResult,
  type OsName,
  type OsType,
  osTypes,
} from "./containers/create_options.ts";
export { type CpuSample, sampleCpu, type SampleOptions } from "./terminal/cpu_sample.ts";
export { within } from "./async/deadline.ts";
export { delay } from "./async/delay.ts";
export { type DeleteOptions, type DeleteResult, protectedError } from "./containers/delete.ts";
export type { Diagnosis } from "./containers/diagnosis.ts";
export { type CredentialsFile, type FiledServer, readCredentials } from "./auth/credentials.ts";
export {
  ContainariumError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorInit,
  type ErrorReason,
  restate,
} from "./errors.ts";
export { imageReference } from "./containers/image.ts";
export { InFlightLimit } from "./async/in_flight.ts";
export type { ListOptions } from "./containers/list.ts";
export type { RestartOptions, RestartResult, RestartStep } from "./containers/restart.ts";
export { type Logger, type LogLevel, silent } from "./log.ts";
export { present } from "./present.ts";
export { nearest } from "./nearest.ts";
export type { ContainerMetrics, Metrics } from "./containers/metrics.ts";
export { own } from "./own.ts";
export {
  type CpuLimit,
  maxTtlSeconds,
  parseCpu,
  parseDuration,
  parseShare,
  parseSize,
} from "./containers/quantities.ts";
export { isShrink, type ResizeOptions, type ResizeResult } from "./containers/resize.ts";
export { withoutSecrets } from "./secrets.ts";
export { isLoopback, parseServerUrl } from "./server_url.ts";
export { type ContainerSettings, labelKeyProblem } from "./containers/settings.ts";
export {
  type ContainerChanges,
  labelsAfter,
  type Setting,
  type UpdateOptions,
  type UpdateResult,
} from "./containers/update.ts";
export {
  type AgreedSnapshot,
  type CreateSnapshotOptions,
  type DeleteSnapshotOptions,
  type DeleteSnapshotResult,
  type RestoreOptions,
  type RestorePlan,
  type RestoreResult,
  type RestoreStep,
  type RollbackOptions,
  type RollbackResult,
  type Snapshot,
  snapshotNameProblem,
  type Snapshots,
} from "./snapshots/mod.ts";
export {
  type AddKeyOptions,
  daemonKeyProblem,
  type KeyChange,
  type KeyList,
  type KeyOutlook,
  type KeyPlace,
  type KeyRemovalPlan,
  type KeyReport,
  type PublicKeyRules,
  readChoice,
  type RemoveKeyOptions,
  type SshKey,
  type SshKeys,
} from "./ssh_keys/mod.ts";
export type { Host, System, SystemInfo } from "./backends/system.ts";
export {
  newUsernamePattern,
  newUsernameProblem,
  systemAccounts,
  usernamePattern,
  usernameProblem,
} from "./containers/username.ts";
export {
  bareToken,
  type Credentials,
  isPlaceholder,
  tokenDoubt,
  type TokenFile,
  type TokenOption,
  unquoted,
} from "./auth/token.ts";
export { readTextFile } from "./text_file.ts";
export type { Scope, TokenClaims } from "./auth/token_claims.ts";
export { formatTime } from "./time.ts";
export { certificatesIn } from "./transport/certificates.ts";
export { version } from "./version.ts";
export type { Omission, RunOptions, RunResult } from "./terminal/run_options.ts";
export type { OpenOptions, Shell } from "./terminal/shell.ts";
export type { ContainerTerminal } from "./terminal/terminal.ts";
