import { ContainariumError, type ErrorCode, type ErrorDetails } from "./errors.ts";
import { own } from "./own.ts";

const MAX_BODY_CHARS = 2_000;

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
  429: "resource_exhausted",
  499: "unavailable",
  501: "unsupported",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** The daemon says most things with gRPC's Unknown and HTTP 500: only the text tells (first match wins). */
const byText: readonly (readonly [RegExp, ErrorCode])[] = [
  [/ on (peer|backend) .*(deadline exceeded|Client\.Timeout)/i, "ambiguous"],
  [/not implemented yet/i, "unsupported"],
  [/not a valid SSH public key|placeholder text|must not contain/i, "invalid_argument"],
  [/is not healthy|no healthy backend/i, "failed_precondition"],
  [/peer (\S+ )?returned status/i, "internal"],
  [/UNIQUE constraint failed|already exists|already in progress/i, "conflict"],
  [/busy running a|non-reusable operation/i, "conflict"],
  [/instance is already (running|stopped)/i, "failed_precondition"],
  [/backend ".*" not found/i, "invalid_argument"],
  [/Instance not found|container not found/i, "not_found"],
  [/ is required$|must be specified$/i, "invalid_argument"],
  [/Invalid (value|config|devices?|instance name|dev)|invalid CPU request/i, "invalid_argument"],
  [/resolves to zero|can't be 0|reserved for snapshots|Image not provided/i, "invalid_argument"],
  [/Failed getting (remote )?image|GPU input/i, "invalid_argument"],
  [/unknown stack/i, "invalid_argument"],
  [/is not running|not supported on Windows/i, "failed_precondition"],
  [/does not exist|not configured|disk is full/i, "failed_precondition"],
  [/context deadline exceeded/i, "timeout"],
];

/** What an error body says, whichever of the daemon's four shapes it has. */
export interface ErrorBody {
  /** The gRPC code's name, when the text carries one: `NotFound`. */
  readonly grpcCode?: string;
  /** The daemon's own sentence. */
  readonly message: string;
}

/**
 * Reads an error body. The content type does not tell the shape: middleware errors are JSON
 * labelled `text/plain`, and some JSON-labelled ones are not valid JSON.
 */
export function parseErrorBody(body: string): ErrorBody {
  const text = errorText(body);
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
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return body.trim();
}

/** Decides what an error answer means: the text first, since most arrive as HTTP 500. */
export function classifyAnswer(status: number, { grpcCode, message }: ErrorBody): ErrorCode {
  // The gateway's words for a path that it does not know, as opposed to a thing that is not there.
  if (grpcCode === "NotFound" && message === "Not Found") return "unsupported";
  const code = grpcCode === undefined ? undefined : own(byGrpcCode, grpcCode);
  if (code !== undefined) return code;
  if (status === 500) {
    return byText.find(([pattern]) => pattern.test(message))?.[1] ?? "internal";
  }
  return byStatus[status] ?? "internal";
}

/** Makes the error for an answer whose status says failure. */
export function answerError(
  status: number,
  body: string,
  details: ErrorDetails,
): ContainariumError {
  const parsed = parseErrorBody(body);
  const shown = body.trim().slice(0, MAX_BODY_CHARS);
  const message = `API error (status ${status}): ${shown === "" ? "(empty answer)" : shown}`;
  const at = { ...details, status };
  return details.method !== "GET" && isFromBetween(status, parsed)
    ? new ContainariumError(
      "ambiguous",
      `${message}. The request was passed on, so it may have been carried out; it is not sent again`,
      at,
    )
    : new ContainariumError(classifyAnswer(status, parsed), message, at);
}

/** Whether a proxy or the gateway gave up waiting for a daemon that may well go on. */
function isFromBetween(status: number, { grpcCode }: ErrorBody): boolean {
  return status === 502 || status === 504 || (status === 503 && grpcCode === undefined) ||
    grpcCode === "DeadlineExceeded";
}
