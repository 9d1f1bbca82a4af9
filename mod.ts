/**
 * Containarium for Deno: a typed client of the daemon's REST API, the MCP server over any pair of
 * byte streams, and the tools that it offers to models, as plain data.
 *
 * ```ts
 * import { assert } from "@std/assert";
 * import { ContainariumClient } from "@containarium/mcp-server";
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
 * for (const { username, state } of await client.containers.list()) {
 *   assert(username === "alice" && state === "running");
 * }
 * ```
 *
 * @module
 */
import { entries, type ToolDescription } from "./tools/mod.ts";

export {
  type AddKeyOptions,
  type AgreedContainer,
  type AgreedSecret,
  type AgreedSnapshot,
  type Backend,
  type Backends,
  type CallOptions,
  type Capacity,
  type CatalogParameter,
  type ChangeResult,
  type ClientOptions,
  ContainariumClient,
  ContainariumError,
  type Container,
  type ContainerChanges,
  type ContainerEvent,
  type ContainerEventKind,
  type ContainerMetrics,
  type ContainerReader,
  type Containers,
  type ContainerSettings,
  type ContainerState,
  type ContainerTerminal,
  type CreateOptions,
  type CreateResult,
  type CreateSnapshotOptions,
  type Credentials,
  type DeleteOptions,
  type DeleteResult,
  type DeleteSecretOptions,
  type DeleteSecretResult,
  type DeleteSnapshotOptions,
  type DeleteSnapshotResult,
  type Deployment,
  type DeployOptions,
  type DeployResult,
  type DeploySpec,
  type DeployWaitOptions,
  type Diagnosis,
  type ErrorCode,
  type ErrorDetails,
  type ErrorInit,
  type ErrorReason,
  type Events,
  type EventTimes,
  type EventWatcher,
  type GetSecretOptions,
  type Host,
  type HostFacts,
  type InstallOptions,
  type InstallResult,
  type KeyChange,
  type KeyList,
  type KeyOutlook,
  type KeyPlace,
  type KeyRemovalPlan,
  type KeyReport,
  type Limits,
  type ListBackendsOptions,
  type ListOptions,
  type Logger,
  type LogLevel,
  type Metrics,
  type MoveOptions,
  type MoveResult,
  type Omission,
  type OpenOptions,
  type OsName,
  type OsType,
  osTypes,
  type PreparedDeployment,
  type PublicKeyRules,
  randomSecret,
  type Recipe,
  type Recipes,
  type RefreshSecretsResult,
  type RemoveKeyOptions,
  type ResizeOptions,
  type ResizeResult,
  type RestartOptions,
  type RestartResult,
  type RestartStep,
  type RestoreOptions,
  type RestorePlan,
  type RestoreResult,
  type RestoreStep,
  type RevealedSecret,
  type RollbackOptions,
  type RollbackResult,
  type RunOptions,
  type RunResult,
  type Secret,
  type SecretDelivery,
  type Secrets,
  type SetSecretOptions,
  type SetSecretResult,
  type Setting,
  type Shell,
  type Snapshot,
  type Snapshots,
  type SshKey,
  type SshKeys,
  type Stack,
  type Stacks,
  type StartOptions,
  type StopOptions,
  type System,
  type SystemInfo,
  type TokenClaims,
  type TokenFile,
  type TokenOption,
  type UpdateOptions,
  type UpdateResult,
  version,
  type WaitOptions,
} from "./client/mod.ts";
export {
  type CallOutcome,
  type ConsentMode,
  type ContainariumServer,
  type ConversationOptions,
  createServer,
  type QuestionOutcome,
  type RecordedQuestion,
  type RecordedValue,
  type RecordEntry,
  type RecordEvent,
  type ServerConfig,
  type Withheld,
} from "./server/mod.ts";
export type { JsonSchema, ToolDescription, ToolSelection } from "./tools/mod.ts";

/**
 * Every tool of the server, as `tools/list` lists it with `toolsets: ["all"]`.
 *
 * @example Which of them only read?
 * ```ts
 * import { assert } from "@std/assert";
 * import { tools } from "@containarium/mcp-server";
 *
 * const readers = tools.filter(({ annotations }) => annotations.readOnlyHint);
 * assert(readers.some(({ name }) => name === "list_containers"));
 * ```
 */
export const tools: readonly ToolDescription[] = entries.map(({ description }) => description);
