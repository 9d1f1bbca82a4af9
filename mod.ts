/**
 * Containarium for Deno: a typed client of the daemon's REST API, and the tools that
 * `mcp-server` offers to models, as plain data.
 *
 * ```ts ignore
 * import { ContainariumClient } from "@containarium/mcp-server";
 *
 * using client = new ContainariumClient({ serverUrl: "http://localhost:8080", token: "eyJ…" });
 * for (const { username, state } of await client.containers.list()) {
 *   console.log(username, state);
 * }
 * ```
 *
 * @module
 */
import { describeTool, registry, type ToolDescription } from "./tools/mod.ts";

export {
  type CallOptions,
  type ChangeResult,
  type ClientOptions,
  ContainariumClient,
  ContainariumError,
  type Container,
  type ContainerMetrics,
  type Containers,
  type ContainerState,
  type CreateOptions,
  type CreateResult,
  type Credentials,
  type DeleteOptions,
  type DeleteResult,
  type Diagnosis,
  type ErrorCode,
  type ErrorDetails,
  type Host,
  type Limits,
  type ListOptions,
  type Logger,
  type LogLevel,
  type Metrics,
  type OsName,
  type ResizeOptions,
  type ResizeResult,
  type Settings,
  type StartOptions,
  type StopOptions,
  type System,
  type SystemInfo,
  type TokenClaims,
  type TokenFile,
  type TokenOption,
  version,
  type WaitOptions,
} from "./client/mod.ts";
export type { JsonSchema, ToolDescription } from "./tools/mod.ts";

/** Every tool of the server, as `tools/list` tells it. */
export const tools: readonly ToolDescription[] = registry.map(describeTool);
