import {
  ContainariumError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorInit,
  type ErrorReason,
} from "../errors.ts";
import { own } from "../wire.ts";

/** Maximum of an error's text to parse. */
const MAX_PARSED_CHARS = 16_384;
const MAX_MESSAGE_CHARS = 4_096;
const MAX_BODY_CHARS = 2_000;
const MAX_SENTENCE_CHARS = 300;

const byGrpcCode: Readonly<Record<string, ErrorCode>> = {
  Canceled: "unavailable",
  InvalidArgument: "invalid_argument",
  DeadlineExceeded: "timeout",
  NotFound: "not_found",
  AlreadyExists: "conflict",
  PermissionDenied: "permission_denied",
  ResourceExhausted: "resource_exhausted",
  FailedPrecondition: "failed_precondition",
  Aborted: "conflict",
  OutOfRange: "invalid_argument",
  Unimplemented: "unsupported",
  Unavailable: "unavailable",
  Unauthenticated: "unauthenticated",
};

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: "invalid_argument",
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  405: "unsupported",
  409: "conflict",
  413: "invalid_argument",
  414: "invalid_argument",
  429: "resource_exhausted",
  431: "invalid_argument",
  499: "unavailable",
  501: "unsupported",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** What an error response means. */
export interface Meaning {
  /** Kind of failure. */
  readonly code: ErrorCode;
  /** Condition behind it, if the daemon's message names one. */
  readonly reason?: ErrorReason | undefined;
  /** Facts in the daemon's message. */
  readonly details?: ErrorDetails | undefined;
}

type Rule = readonly [RegExp, ErrorCode, ErrorReason?];

/** What PostgreSQL's programs say of a login. */
const databaseLogin =
  /password authentication failed|no password supplied|no pg_hba\.conf entry|FATAL: +role "[^"]*" does not exist/;

/**
 * The daemon reports most failures as gRPC Unknown with HTTP 500, so the text decides (first match
 * wins).
 */
const byText: readonly Rule[] = [
  [/ on (peer|backend) .*(deadline exceeded|Client\.Timeout)/i, "ambiguous"],
  [/failed to attach ACL to container: device/, "failed_precondition", "firewall_not_attached"],
  [/bridge NIC ACL|Unsupported nftables subject/, "unsupported", "firewall_unsupported"],
  [
    /^(?:backup|restore) failed:[^]*command not found/,
    "failed_precondition",
    "no_database_programs",
  ],
  [databaseLogin, "failed_precondition", "database_login_failed"],
  [/connection to server [^]*Connection refused/, "failed_precondition", "database_unreachable"],
  [/FATAL: +database "[^"]*" does not exist/, "failed_precondition", "database_missing"],
  [/dump integrity check failed/, "failed_precondition", "backup_damaged"],
  [/^restore failed: pg_restore failed/, "failed_precondition", "restored_in_part"],
  [/\b(?:finding|zap alert) \d+ not found/, "not_found", "finding_missing"],
  [/remediation only supported for/, "failed_precondition", "finding_unresolvable"],
  [/route persistence not configured/, "unsupported", "no_reverse_proxy"],
  [/not implemented yet/i, "unsupported", "daemon_too_old"],
  [/not a valid SSH public key|placeholder text|must not contain/i, "invalid_argument"],
  [/is not healthy|no healthy backend/i, "failed_precondition", "no_healthy_backend"],
  [/peer (\S+ )?returned status/i, "internal"],
  [/UNIQUE constraint failed|already exists|already in progress/i, "conflict"],
  [/busy running a|non-reusable operation/i, "conflict"],
  [/(instance|container) is already (running|stopped)/i, "failed_precondition", "already_in_state"],
  [/backend "[^"]*" not found/i, "invalid_argument", "unknown_backend"],
  [/Instance not found|container not found/i, "not_found"],
  [/ is required$|must be specified$/i, "invalid_argument"],
  [/Invalid (value|config|devices?|instance name|dev)|invalid CPU request/i, "invalid_argument"],
  [/resolves to zero|can't be 0|reserved for snapshots/i, "invalid_argument"],
  [/Image not provided/i, "invalid_argument", "image_missing"],
  [/Failed getting (remote )?image/i, "invalid_argument", "image_missing"],
  [/GPU input/i, "invalid_argument"],
  [/unknown stack/i, "invalid_argument", "unknown_stack"],
  [/host user \S+ does not exist/i, "failed_precondition", "no_host_account"],
  [/is not running|not supported on Windows/i, "failed_precondition"],
  [/does not exist|not configured|disk is full/i, "failed_precondition"],
  [/context deadline exceeded/i, "timeout"],
];

/** Conditions that the daemon's message names, whatever its code. */
const reasons: readonly (readonly [RegExp, ErrorReason, (keyof ErrorDetails)?])[] = [
  [/scope required: ([\w:-]+)/, "scope_missing", "scope"],
  [
    /requires? (?:the )?role "?admin|role required: admin|requires admin role|admin role required/,
    "admin_required",
  ],
  [/not authorized for this tenant/, "other_tenant"],
  [/too many failed authentication/, "too_many_auth_failures"],
  [/CPU capacity exceeded/, "cpu_exhausted"],
  [/unknown field \\?"(\w+)/, "unknown_field", "field"],
  [/dataset already exists/, "name_taken"],
  [/could not find any snapshots to destroy/, "snapshot_missing"],
  [/cannot open '[^'@]*@[^']*': dataset does not exist/, "snapshot_missing"],
  [/snapshots taken after it would have to be destroyed/, "newer_snapshots"],
  // With or without the command (the quotes are JSON's) and Incus's prefix.
  [/zfs\\*": executable file not found|need a ZFS storage backend/, "no_zfs"],
  [/secrets store not configured/, "no_secrets_store"],
  [/^secret not found$/, "secret_missing"],
  [/^(?:skill|crew) not found: (\S+)$/, "agent_missing", "agent"],
  [/^peer "([^"]*)" is not running/, "agent_not_running", "agent"],
  [/^deliver task to peer "([^"]*)"/, "agent_failed", "agent"],
  [/is not permitted to call peer "([^"]*)"/, "agent_not_allowed", "agent"],
  [/alerting is not configured/, "alerting_off"],
  [/collaborator already exists/, "collaborator_exists"],
  [/no KMS backend configured/, "no_key_service"],
  [/cloud metrics export is not yet implemented/, "provider_unsupported"],
  [/^backup not found$/, "backup_missing"],
  // The container's dataset, not one of its snapshots.
  [/cannot open '[^'@]*': dataset does not exist/, "no_dataset"],
];

/** Contents of an error body in any of the daemon's four shapes. */
export interface ErrorBody {
  /** Name of the gRPC code in the text, if any: `NotFound`. */
  readonly grpcCode?: string | undefined;
  /** The daemon's message. */
  readonly message: string;
}

/**
 * Reads an error body. The content type does not determine the shape: middleware errors are JSON
 * labeled `text/plain`, and some JSON-labeled ones are not valid JSON.
 */
export function parseErrorBody(body: string): ErrorBody {
  const text = errorText(body.slice(0, MAX_PARSED_CHARS)).slice(0, MAX_MESSAGE_CHARS);
  const grpc = /^rpc error: code = (\w+) desc = ([\s\S]*)$/.exec(text);
  if (grpc === null) return { message: text };
  const [, grpcCode = "", message = ""] = grpc;
  return { grpcCode, message };
}

function errorText(body: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return body.trim();
  }
  if (typeof json !== "object" || json === null || !("error" in json)) return body.trim();
  const { error } = json;
  if (typeof error === "string") return error;
  const isStatus = typeof error === "object" && error !== null && "message" in error;
  return isStatus && typeof error.message === "string" ? error.message : body.trim();
}

/** Returns what an error response means: by the text first, since most arrive as HTTP 500. */
export function classifyAnswer(status: number, body: ErrorBody): Meaning {
  const { code, reason } = kindOf(status, body);
  return { code, reason, ...reasonIn(body.message) };
}

/** Responses of Go's, nginx's and Apache's servers to http on an https port. */
const plainToTls =
  /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|plain HTTP to an SSL-enabled/;

function kindOf(status: number, { grpcCode, message }: ErrorBody): Meaning {
  // The gateway's response to an unknown path, as opposed to a missing resource.
  if (grpcCode === "NotFound" && message === "Not Found") {
    return { code: "unsupported", reason: "daemon_too_old" };
  }
  if (status === 400 && plainToTls.test(message)) {
    return { code: "failed_precondition", reason: "http_to_https" };
  }
  // Not passing: the daemon was started without it.
  if (grpcCode === "Unavailable" && /\bnot configured\b/.test(message)) {
    return { code: "failed_precondition" };
  }
  // The agent was reached, and may have done its work.
  if (grpcCode === "Unavailable" && message.startsWith("deliver task to peer ")) {
    return { code: "internal" };
  }
  const byName = grpcCode === undefined ? undefined : own(byGrpcCode, grpcCode);
  if (byName !== undefined) return kind(byName);
  if (status !== 500) return kind(byStatus[status] ?? "internal");
  const [, code, reason] = byText.find(([pattern]) => pattern.test(message)) ?? [];
  return { code: code ?? "internal", reason };
}

function kind(code: ErrorCode): Meaning {
  return code === "unsupported" ? { code, reason: "daemon_too_old" } : { code };
}

function reasonIn(message: string): Omit<Meaning, "code"> {
  for (const [pattern, reason, fact] of reasons) {
    const found = pattern.exec(message);
    if (found === null) continue;
    const [, value] = found;
    return fact === undefined || value === undefined
      ? { reason }
      : { reason, details: { [fact]: value } };
  }
  return {};
}

/** Returns the error for a failed response. */
export function answerError(status: number, body: string, init: ErrorInit): ContainariumError {
  const parsed = parseErrorBody(body);
  const responseText = body.slice(0, MAX_PARSED_CHARS).trim().slice(0, MAX_BODY_CHARS);
  const at = { ...init, status, responseText };
  if (init.method !== "GET" && isFromBetween(status, parsed)) {
    return new ContainariumError(
      "ambiguous",
      `The daemon did not respond in time (status ${status}); it may have executed the request`,
      { ...at, reason: "response_lost" },
    );
  }
  const meaning = classifyAnswer(status, parsed);
  const details = { ...init.details, ...meaning.details };
  const { code, reason } = meaning;
  const message = plainWords({ ...meaning, details }, parsed) ?? daemonSays(status, code, parsed);
  return new ContainariumError(code, message, { ...at, reason, details });
}

/** Returns what happened, if code, reason and facts say it better than the daemon. */
function plainWords({ code, reason, details }: Meaning, body: ErrorBody): string | undefined {
  const { username, scope, field } = details ?? {};
  switch (reason) {
    case "scope_missing":
      return `The token lacks the scope ${scope}`;
    case "admin_required":
      return "Only a token with the admin role may do this";
    case "other_tenant":
      return `The token does not reach ${
        username === undefined ? "this" : `${username}'s`
      } container`;
    case "too_many_auth_failures":
      return "The daemon accepts no more tokens from this address for now";
    case "unknown_field":
      return `The daemon does not know ${field}`;
    case "daemon_too_old":
      return "The daemon does not offer this";
    case "firewall_not_attached":
      return "The daemon stored the firewall and does not enforce it: the container was not " +
        "created with a static address";
    case "firewall_unsupported":
      return "The host's bridge cannot enforce this firewall; the rules from before stay";
    case "backup_damaged":
      return "The archive of the backup is not as it was made: its checksum is another one";
    case "backup_missing":
      return "There is no backup of that id";
    case "database_login_failed":
      return "The database server in the container does not let this user in";
    case "database_missing":
      return "The database server in the container has no such database";
    case "database_unreachable":
      return "No database server answers in the container at that port";
    case "no_database_programs":
      return "PostgreSQL's programs are not installed in the container";
    case "restored_in_part":
      return "The restore failed, and parts of it may be done";
    case "no_secrets_store":
      return "This daemon has no store for secrets";
    case "alerting_off":
      return "This daemon cannot alert";
    case "no_key_service":
      return "This daemon has no key service (KMS)";
    case "provider_unsupported":
      return "This daemon cannot send metrics to that cloud";
    case undefined:
      break;
    default:
      return undefined;
  }
  if (code === "unauthenticated") return "The daemon rejects the token";
  const isContainer = code === "not_found" && missingContainer.test(body.message);
  return isContainer && username !== undefined
    ? `There is no container for ${username}`
    : undefined;
}

const missingContainer = /Instance not found|container( for user \S+| "\S+")? not found/i;

/** Returns the daemon's message, shortened, with its code. */
function daemonSays(status: number, code: ErrorCode, { message }: ErrorBody): string {
  const verb = daemonFaults.has(code) ? "failed" : "refused";
  if (message === "") return `The daemon ${verb} with status ${status} and no words`;
  const isLong = message.length > MAX_SENTENCE_CHARS;
  return `The daemon ${verb}: ${isLong ? `${message.slice(0, MAX_SENTENCE_CHARS)}…` : message}`;
}

const daemonFaults: ReadonlySet<ErrorCode> = new Set(["internal", "unavailable", "timeout"]);

/** Returns whether a proxy or the gateway timed out while the daemon may continue. */
function isFromBetween(status: number, { grpcCode }: ErrorBody): boolean {
  return status === 502 || status === 504 || (status === 503 && grpcCode === undefined) ||
    grpcCode === "DeadlineExceeded";
}
