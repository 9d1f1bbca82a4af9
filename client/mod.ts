/**
 * A typed client of the Containarium daemon's REST API.
 *
 * @module
 */
export { afterWrite } from "./after_write.ts";
export {
  type AgreedContainer,
  isSameContainer,
  notAgreed,
  refuseOther,
  refuseOtherDeletion,
} from "./agreed.ts";
export {
  type Admission,
  type CatalogueParameter,
  chooseRecipe,
  deployLimits,
  type DeployOptions,
  type DeployResult,
  type InstallOptions,
  type InstallResult,
  type OsType,
  osTypes,
  type Recipe,
  type Recipes,
  type Stack,
  type Stacks,
} from "./catalogue/mod.ts";
export {
  type Backend,
  type Backends,
  type Capacity,
  headroomOf,
  type HostFacts,
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
  present,
  unseenContainer,
} from "./container.ts";
export type {
  CallOptions,
  ChangeResult,
  Containers,
  DeleteOptions,
  StartOptions,
  StopOptions,
  WaitOptions,
} from "./containers.ts";
export type { CreateOptions, CreateResult, OsName } from "./create.ts";
export { type CpuSample, sampleCpu, type SampleOptions } from "./cpu_sample.ts";
export { delay } from "./delay.ts";
export { type DeleteResult, isOfPeer, protectedError } from "./delete.ts";
export type { Diagnosis } from "./diagnosis.ts";
export { type CredentialsFile, type FiledServer, readCredentials } from "./credentials.ts";
export {
  ContainariumError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorInit,
  type ErrorReason,
  restate,
} from "./errors.ts";
export { imageReference } from "./image.ts";
export { InFlightLimit } from "./in_flight.ts";
export type { ListOptions } from "./list.ts";
export type { RestartOptions, RestartResult, RestartStep } from "./restart.ts";
export { settingsOnPeer } from "./on_peer.ts";
export { type Logger, type LogLevel, silent } from "./log.ts";
export { isLoopback } from "./loopback.ts";
export { nearest } from "./nearest.ts";
export type { ContainerMetrics, Metrics } from "./metrics.ts";
export { own } from "./own.ts";
export {
  type CpuLimit,
  maxTtlSeconds,
  parseCpu,
  parseDuration,
  parseShare,
  parseSize,
} from "./quantities.ts";
export { isShrink, type Limits, type ResizeOptions, type ResizeResult } from "./resize.ts";
export type { Scope } from "./scope.ts";
export { withoutSecrets } from "./secrets.ts";
export { parseServerUrl } from "./server_url.ts";
export { labelKeyProblem, type Settings } from "./settings.ts";
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
export type { Host, System, SystemInfo } from "./system.ts";
export {
  newUsernamePattern,
  newUsernameProblem,
  systemAccounts,
  usernamePattern,
  usernameProblem,
} from "./username.ts";
export {
  bareToken,
  type Credentials,
  isPlaceholder,
  tokenDoubt,
  type TokenFile,
  type TokenOption,
  unquoted,
} from "./token.ts";
export { readTextFile } from "./text_file.ts";
export type { TokenClaims } from "./token_claims.ts";
export { formatTime } from "./time.ts";
export { certificatesIn } from "./transport/certificates.ts";
export { version } from "./version.ts";
export type { Omission, RunOptions, RunResult } from "./terminal/command.ts";
export type { OpenOptions, Shell } from "./terminal/shell.ts";
export type { ContainerTerminal } from "./terminal/terminal.ts";
