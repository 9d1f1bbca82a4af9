/**
 * The one error class of this library and how it is told what went wrong.
 *
 * @module
 */

/**
 * What kind of failure it was, whatever status the daemon chose for it.
 *
 * - `unauthenticated`: no token, or one the daemon does not accept
 * - `permission_denied`: the token lacks the tenant, scope or role
 * - `not_found`: no such container (or path)
 * - `conflict`: it exists already, or another operation on it is under way
 * - `invalid_argument`: refused before or by the daemon because of what was asked
 * - `failed_precondition`: right in itself, but not in the present state
 * - `unsupported`: this daemon is too old, or was built without the feature
 * - `resource_exhausted`: a limit of the host or of the daemon
 * - `unavailable`: the daemon was not reached, or did not carry the request out
 * - `timeout`: a read took too long
 * - `cancelled`: the caller's signal was aborted
 * - `ambiguous`: a write was sent and its answer was lost; it may have happened
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

/** Where a failure happened and what caused it. */
export interface ErrorDetails {
  /** The HTTP status, when the daemon answered. */
  readonly status?: number | undefined;
  /** The HTTP method of the request. */
  readonly method?: string | undefined;
  /** The path of the request, without server and query. */
  readonly path?: string | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * Every failure of this library. The first line of `message` is in the words of the
 * vendor's own server, so that its troubleshooting page applies:
 * `API error (status 401): {"error": "invalid token", "code": 401}`.
 *
 * @example Tell a missing container from other failures
 * ```ts
 * import { ContainariumError } from "@containarium/mcp-server";
 *
 * const error: unknown = new ContainariumError("not_found", "No container for alice");
 * if (!(error instanceof ContainariumError && error.code === "not_found")) throw error;
 * ```
 */
export class ContainariumError extends Error {
  /** Always `"ContainariumError"`. */
  override readonly name = "ContainariumError";
  /** What kind of failure it was. */
  readonly code: ErrorCode;
  /** The HTTP status, when the daemon answered. */
  readonly status: number | undefined;
  /** The HTTP method of the request, when there was one. */
  readonly method: string | undefined;
  /** The path of the request, when there was one. */
  readonly path: string | undefined;

  /**
   * Makes an error.
   *
   * @param code What kind of failure it was
   * @param message What happened, without secrets
   * @param details Where, and what caused it
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.method = details.method;
    this.path = details.path;
  }
}
