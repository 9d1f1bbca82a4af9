import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readListOf, readNumber, readObject, readText, readTime } from "../wire.ts";

/** One line of the audit log. Its texts are from outside: paths that callers chose, names of images. */
export interface AuditEntry {
  /** The newest has the highest. */
  readonly id: number;
  /** When it happened. */
  readonly time: Date | undefined;
  /** Whose token it was; absent for what happened to a container, and for calls without a token. */
  readonly username: string | undefined;
  /** `api_delete` for a call, `EVENT_TYPE_CONTAINER_DELETED` for what became of a container. */
  readonly action: string;
  /** `DELETE /v1/containers/alice` for a call, `alice-container` for a container. */
  readonly resource: string;
  /** Words about it. */
  readonly detail: string | undefined;
  /** Address that the call came from. */
  readonly sourceIp: string | undefined;
  /** HTTP status that the call was answered with. */
  readonly status: number | undefined;
}

/** Which lines to list. */
export interface ListAuditOptions extends CallOptions {
  /**
   * Lists only calls with this user's tokens.
   *
   * @default Everybody's
   */
  readonly username?: string | undefined;
  /**
   * Lists only this action, spelled exactly so: `api_delete`.
   *
   * @default All
   */
  readonly action?: string | undefined;
  /**
   * Lists nothing older.
   *
   * @default No limit
   */
  readonly since?: Date | undefined;
  /**
   * Lists nothing newer.
   *
   * @default No limit
   */
  readonly until?: Date | undefined;
  /**
   * Maximum number of lines, up to 1,000.
   *
   * @default {50}
   */
  readonly limit?: number | undefined;
  /**
   * Number of the newest lines to skip.
   *
   * @default {0}
   */
  readonly offset?: number | undefined;
}

/** Lines of the audit log. */
export interface AuditPage {
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
  /** Number of lines that match, with those that are not in `entries`. */
  readonly total: number;
}

const MAX_LIMIT = 1_000;

/**
 * The daemon's audit log: who called what; `/v1/audit/logs`. Reading it needs the admin role or the scope
 * `audit:read`, which a token without scopes does not have. Reads of containers, metrics and routes are not in
 * it.
 */
export class AuditLog {
  readonly #http: Http;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Lists lines, the newest first; `GET /v1/audit/logs`.
   *
   * @throws {ContainariumError} `invalid_argument` for a limit or an offset out of range;
   * `permission_denied`
   *
   * @example Who deleted something?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token({ username: "admin" })];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.delete("alice", { force: true });
   * const { entries } = await client.auditLog.list({ action: "api_delete" });
   * assertEquals(entries[0]?.username, "admin");
   * ```
   */
  async list(options: ListAuditOptions = {}): Promise<AuditPage> {
    using call = new CallDeadline(options);
    const { username, action, since, until, limit = 50, offset = 0 } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new ContainariumError("invalid_argument", `limit must be from 1 to ${MAX_LIMIT}`);
    }
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new ContainariumError("invalid_argument", "offset must not be negative");
    }
    const answer = await this.#http.request("GET", new ApiPath("audit", "logs"), {
      ...call,
      query: {
        username,
        action,
        from: formatTime(since),
        to: formatTime(until),
        limit: String(limit),
        offset: offset === 0 ? undefined : String(offset),
      },
    });
    return {
      entries: readListOf(answer, "logs").map(readEntry),
      total: readNumber(answer.totalCount),
    };
  }
}

function readEntry(value: unknown): AuditEntry {
  const wire = readObject(value, "log");
  return {
    id: readNumber(wire.id),
    time: readTime(wire.timestamp),
    username: readText(wire.username),
    action: readText(wire.action) ?? "",
    resource: readText(wire.resourceId) ?? "",
    detail: readText(wire.detail),
    sourceIp: readText(wire.sourceIp),
    status: readNumber(wire.statusCode) || undefined,
  };
}
