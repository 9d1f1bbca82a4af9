/**
 * The one error class of this library.
 *
 * @module
 */

/**
 * Kind of failure, whatever HTTP status the daemon chose.
 *
 * - `unauthenticated`: no token, or the daemon rejects it
 * - `permission_denied`: the token lacks the tenant, scope or role
 * - `not_found`: no such container or path
 * - `conflict`: it already exists, or another operation on it is in progress
 * - `invalid_argument`: the arguments were rejected, here or by the daemon
 * - `failed_precondition`: valid, but not in the current state
 * - `unsupported`: the daemon is too old, or was built without the feature
 * - `resource_exhausted`: a limit of the host or the daemon was reached
 * - `unavailable`: the daemon was not reached, or did not execute the request
 * - `timeout`: a read took too long, or the call's `timeoutMs` expired before a write was sent
 * - `cancelled`: the caller's signal was aborted
 * - `ambiguous`: a write was sent and its response was lost; it may have happened
 * - `internal`: anything else
 */
export type ErrorCode =
  | "unauthenticated"
  | "permission_denied"
  | "not_found"
  | "conflict"
  | "invalid_argument"
  | "failed_precondition"
  | "unsupported"
  | "resource_exhausted"
  | "unavailable"
  | "timeout"
  | "cancelled"
  | "ambiguous"
  | "internal";

/**
 * Condition behind a failure. Code switches on it; `message` may change at any time.
 *
 * - `admin_required`: the daemon lets only the admin role do this
 * - `agent_failed`: an agent gave no answer that the daemon can read; it may have done its work
 * - `agent_missing`: the daemon knows no such agent or crew
 * - `agent_not_allowed`: one agent may not call the other
 * - `agent_not_running`: the agent's container does not run
 * - `alert_ambiguous`: several alerts have the name
 * - `alert_built_in`: the alert is one of the daemon's own
 * - `alert_missing`: there is no such alert
 * - `alerting_off`: the daemon has no store of metrics or no database, so it cannot alert
 * - `already_exists`: the user has a container
 * - `already_in_state`: the container was running or stopped already
 * - `backup_damaged`: a backup's archive is not as it was made
 * - `backup_missing`: there is no such backup
 * - `being_created`: the container's creation is in progress
 * - `certificate_expired`: the daemon's TLS certificate has expired
 * - `certificate_is_ca`: the daemon's TLS certificate is an authority's own, as the usual self-signed one
 *   is, and not trusted
 * - `certificate_name`: the daemon's TLS certificate does not name its host
 * - `certificate_not_yet_valid`: the daemon's TLS certificate is not valid yet
 * - `certificate_untrusted`: the authority of the daemon's TLS certificate is not trusted
 * - `certificate_unusable`: the daemon's TLS certificate cannot be read, or not be verified
 * - `changed_since_agreed`: more would be lost now than the user agreed to
 * - `collaborator_exists`: the container has a collaborator of that name
 * - `cpu_exhausted`: the host has no CPUs left to promise
 * - `creation_failed`: the daemon could not create the container, and reports no cause
 * - `daemon_too_old`: the daemon does not implement the operation yet
 * - `database_login_failed`: the database server in the container does not accept the user or the password
 * - `database_missing`: the database server in the container has no such database
 * - `database_unreachable`: no database server answers in the container
 * - `deletion_pending`: the container is deleted, and can be recovered until the daemon carries it out
 * - `disk_shrink`: the new disk size is smaller than the current one
 * - `finding_missing`: there is no such finding of a scan
 * - `finding_unresolvable`: the daemon cannot resolve such a finding
 * - `firewall_not_attached`: the daemon stored a firewall that it cannot enforce for this container
 * - `firewall_unsupported`: the host's bridge cannot enforce this firewall
 * - `folder_missing`: there is no such folder in the container
 * - `frozen`: the container is paused, which only a forced stop ends
 * - `github_denied`: GitHub does not let the token manage runners there
 * - `github_failed`: GitHub did not answer, or not as expected
 * - `http_to_https`: the response to an http URL is not HTTP, but probably TLS
 * - `https_to_http`: the response to an https URL is not TLS, but probably HTTP
 * - `image_missing`: the host cannot get the image
 * - `left_stopped`: the container was stopped for a restart and did not start again
 * - `name_taken`: a snapshot of that name exists
 * - `net_denied`: this process lacks the permission to reach the daemon
 * - `newer_snapshots`: newer snapshots would be destroyed
 * - `no_database_programs`: the container lacks PostgreSQL's programs, with which backups are made
 * - `no_dataset`: ZFS knows no such container on this host
 * - `no_github_token`: this process was started without a token for GitHub
 * - `no_healthy_backend`: no host of the pool, or not the named host, can take the container now
 * - `no_host_account`: the user has no account on the host
 * - `no_key_service`: the daemon has no key service (KMS)
 * - `no_reverse_proxy`: the daemon was started without the proxy that serves domains
 * - `no_secrets_store`: the daemon has no store for secrets
 * - `no_zfs`: the host does not keep the container on ZFS, so it has no snapshots
 * - `not_applied`: the daemon accepted a change and keeps something else
 * - `not_recoverable`: the container cannot be deleted so that it could be recovered
 * - `not_running`: the operation needs a running container
 * - `origin_refused`: the daemon does not accept the terminal's `Origin`
 * - `other_host`: the daemon does this only for containers on its own host
 * - `other_tenant`: the token belongs to another user
 * - `pending_with_other_arguments`: the same operation is in progress with other arguments
 * - `protected`: the owner protected the container from deletion
 * - `provider_unsupported`: the daemon cannot send metrics to that cloud
 * - `proxy_failed`: the proxy that the environment names did not connect to the daemon
 * - `quota_exceeded`: a quota in the policy file does not allow it
 * - `read_denied`: this process lacks the permission to read a folder
 * - `redirected`: the response was a redirect, which the token does not follow
 * - `remediation_failed`: the daemon could not upgrade what a finding is about
 * - `response_lost`: the connection broke before the response
 * - `restored_in_part`: a restore failed and may have changed parts of the database
 * - `route_missing`: no such domain or port leads to a container
 * - `route_taken`: the domain or port leads to another container or port
 * - `scanner_not_installed`: the host lacks the scanner, or could not install it
 * - `runner_busy`: the runner runs a job
 * - `scope_missing`: the token lacks a scope
 * - `secret_missing`: the user has no such secret
 * - `secret_not_applied`: the daemon accepted a secret and keeps another one
 * - `shutdown_timed_out`: the container did not shut down in time
 * - `snapshot_missing`: the container has no such snapshot
 * - `team_required`: the policy file wants a team's label
 * - `token_file_denied`: this process lacks the permission to read the token file
 * - `token_file_shared`: other users can read the token file
 * - `token_unusable`: there is no usable token
 * - `too_many_auth_failures`: the daemon received too many bad tokens from this address
 * - `too_many_files`: a folder holds more than is transferred
 * - `tool_missing`: the container lacks a program
 * - `unexpected_response`: the response is not of the form that was expected
 * - `unknown_backend`: there is no such host
 * - `unknown_field`: the daemon does not know a field of the request
 * - `unknown_stack`: the daemon has no such stack
 * - `websocket_refused`: the connection's upgrade to a WebSocket failed
 * - `write_denied`: this process lacks the permission to write to a folder
 */
export type ErrorReason =
  | "admin_required"
  | "agent_failed"
  | "agent_missing"
  | "agent_not_allowed"
  | "agent_not_running"
  | "alert_ambiguous"
  | "alert_built_in"
  | "alert_missing"
  | "alerting_off"
  | "already_exists"
  | "already_in_state"
  | "backup_damaged"
  | "backup_missing"
  | "being_created"
  | "certificate_expired"
  | "certificate_is_ca"
  | "certificate_name"
  | "certificate_not_yet_valid"
  | "certificate_untrusted"
  | "certificate_unusable"
  | "changed_since_agreed"
  | "collaborator_exists"
  | "cpu_exhausted"
  | "creation_failed"
  | "daemon_too_old"
  | "database_login_failed"
  | "database_missing"
  | "database_unreachable"
  | "deletion_pending"
  | "disk_shrink"
  | "finding_missing"
  | "finding_unresolvable"
  | "firewall_not_attached"
  | "firewall_unsupported"
  | "folder_missing"
  | "frozen"
  | "github_denied"
  | "github_failed"
  | "http_to_https"
  | "https_to_http"
  | "image_missing"
  | "left_stopped"
  | "name_taken"
  | "net_denied"
  | "newer_snapshots"
  | "no_database_programs"
  | "no_dataset"
  | "no_github_token"
  | "no_healthy_backend"
  | "no_host_account"
  | "no_key_service"
  | "no_reverse_proxy"
  | "no_secrets_store"
  | "no_zfs"
  | "not_applied"
  | "not_recoverable"
  | "not_running"
  | "origin_refused"
  | "other_host"
  | "other_tenant"
  | "pending_with_other_arguments"
  | "protected"
  | "provider_unsupported"
  | "proxy_failed"
  | "quota_exceeded"
  | "read_denied"
  | "redirected"
  | "remediation_failed"
  | "response_lost"
  | "restored_in_part"
  | "route_missing"
  | "route_taken"
  | "scanner_not_installed"
  | "runner_busy"
  | "scope_missing"
  | "secret_missing"
  | "secret_not_applied"
  | "shutdown_timed_out"
  | "snapshot_missing"
  | "team_required"
  | "token_file_denied"
  | "token_file_shared"
  | "token_unusable"
  | "too_many_auth_failures"
  | "too_many_files"
  | "tool_missing"
  | "unexpected_response"
  | "unknown_backend"
  | "unknown_field"
  | "unknown_stack"
  | "websocket_refused"
  | "write_denied";

/** Facts about a failure, without secrets. */
export interface ErrorDetails {
  /** Owner of the container. */
  readonly username?: string | undefined;
  /** Id of the agent or crew. */
  readonly agent?: string | undefined;
  /** Name of the snapshot. */
  readonly snapshot?: string | undefined;
  /** Name of the secret. */
  readonly secret?: string | undefined;
  /** Id of the backup. */
  readonly backup?: string | undefined;
  /** Names of the newer snapshots, oldest first. */
  readonly newerSnapshots?: readonly string[] | undefined;
  /** Limit that was reached or asked for, with its unit: `4GB`. */
  readonly limit?: string | undefined;
  /** Bytes in use, where a smaller disk was asked for. */
  readonly usedBytes?: number | undefined;
  /** Scope that the token lacks. */
  readonly scope?: string | undefined;
  /** Name that was probably meant. */
  readonly meant?: string | undefined;
  /** Field of the request that the daemon does not know. */
  readonly field?: string | undefined;
  /** Host and port that could not be reached. */
  readonly host?: string | undefined;
  /** Hosts that a certificate names: text from outside. */
  readonly names?: readonly string[] | undefined;
  /** When a certificate becomes valid. */
  readonly validFrom?: Date | undefined;
  /** When a certificate expired. */
  readonly validUntil?: Date | undefined;
  /** Backend that the container is on. */
  readonly backend?: string | undefined;
  /** File that could not be used. */
  readonly file?: string | undefined;
  /** When the token expired. */
  readonly expiredAt?: Date | undefined;
  /** What a JSON value should have been. */
  readonly expected?: string | undefined;
  /** What a JSON value was instead. */
  readonly found?: string | undefined;
  /** `Origin` header that was sent. */
  readonly origin?: string | undefined;
  /** Container that has the domain or port: text from outside. */
  readonly takenBy?: string | undefined;
}

/** What an error carries besides its code and message. */
export interface ErrorInit {
  /** Condition behind the failure. Absent if the code says it all. */
  readonly reason?: ErrorReason | undefined;
  /**
   * Facts about the failure, without secrets.
   *
   * @default {{}}
   */
  readonly details?: ErrorDetails | undefined;
  /** HTTP status, if the daemon responded. */
  readonly status?: number | undefined;
  /** HTTP method of the request. */
  readonly method?: string | undefined;
  /** Path of the request, without server and query. */
  readonly path?: string | undefined;
  /** Body of the daemon's response, shortened: text from outside. */
  readonly responseText?: string | undefined;
  /** What the container printed last: text from outside. */
  readonly containerText?: string | undefined;
  /** Underlying error. */
  readonly cause?: unknown | undefined;
}

/**
 * Every failure of this library.
 *
 * @example Handle one condition
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContainariumError } from "@containarium/mcp-server";
 *
 * const error: unknown = new ContainariumError(
 *   "failed_precondition",
 *   "Cannot restore alice-container to monday: there are newer snapshots",
 *   {
 *     reason: "newer_snapshots",
 *     details: { username: "alice", snapshot: "monday", newerSnapshots: ["tuesday"] },
 *   },
 * );
 * if (!(error instanceof ContainariumError && error.reason === "newer_snapshots")) throw error;
 * assertEquals(error.details.newerSnapshots, ["tuesday"]);
 * ```
 */
export class ContainariumError extends Error {
  /** Always `"ContainariumError"`. */
  override readonly name = "ContainariumError";
  /** Kind of failure. */
  readonly code: ErrorCode;
  /** Condition behind the failure. `undefined` if the code says it all. */
  readonly reason: ErrorReason | undefined;
  /** Facts about the failure. */
  readonly details: ErrorDetails;
  /** HTTP status, if the daemon responded. */
  readonly status: number | undefined;
  /** HTTP method, if there was a request. */
  readonly method: string | undefined;
  /** Path, if there was a request. */
  readonly path: string | undefined;
  /** Body of the daemon's response, shortened, if it responded: text from outside. */
  readonly responseText: string | undefined;
  /** What the container printed last, if that explains it: text from outside. */
  readonly containerText: string | undefined;

  /**
   * Creates an error.
   *
   * @param code Kind of failure
   * @param message What happened, in words for people, without secrets
   * @param init Reason, facts, request and cause; another error's, to pass on what it carries
   */
  constructor(code: ErrorCode, message: string, init: ErrorInit = {}) {
    super(message, { cause: init.cause });
    this.code = code;
    this.reason = init.reason;
    this.details = init.details ?? {};
    this.status = init.status;
    this.method = init.method;
    this.path = init.path;
    this.responseText = init.responseText;
    this.containerText = init.containerText;
  }
}

/** Changes to an error. */
export interface Restatement {
  /** Kind of failure, if it changes; the old reason is dropped then. */
  readonly code?: ErrorCode | undefined;
  /** Condition behind it, if it changes. */
  readonly reason?: ErrorReason | undefined;
  /** Further facts. */
  readonly details?: ErrorDetails | undefined;
}

/** Returns the same failure with another message and more facts. */
export function restate(
  error: ContainariumError,
  message: string,
  { code = error.code, reason, details }: Restatement = {},
): ContainariumError {
  const { status, method, path, responseText, containerText, cause } = error;
  return new ContainariumError(code, message, {
    reason: reason ?? (code === error.code ? error.reason : undefined),
    details: { ...error.details, ...details },
    status,
    method,
    path,
    responseText,
    containerText,
    cause,
  });
}
