/** What is sent back, in the four shapes of the daemon's layers. @module */

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /**
   * Goes on after the body for as long as both ends like.
   *
   * @param send Sends more
   * @param end Ends it
   * @returns Called when it has ended
   */
  readonly goOn?: (send: (text: string) => void, end: () => void) => () => void;
}

/** The gRPC codes that the daemon uses, each with the HTTP status that grpc-gateway makes of it. */
export const statusOfCode = {
  Unknown: 500,
  InvalidArgument: 400,
  NotFound: 404,
  AlreadyExists: 409,
  PermissionDenied: 403,
  Unauthenticated: 401,
  ResourceExhausted: 429,
  FailedPrecondition: 400,
  Unimplemented: 501,
  Internal: 500,
  Unavailable: 503,
} as const;

/** A gRPC code. */
export type GrpcCode = keyof typeof statusOfCode;

/** What a handler throws to answer with an error of the gateway. */
export class GrpcError extends Error {
  /** The class's name. */
  override readonly name = "GrpcError";
  /** The code that decides the HTTP status. */
  readonly code: GrpcCode;

  constructor(code: GrpcCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A bare Go error: code Unknown, so HTTP 500. */
export function goError(message: string): GrpcError {
  return new GrpcError("Unknown", message);
}

/** A successful answer of the gateway. */
export function gatewayReply(message: unknown): Reply {
  return {
    status: 200,
    headers: {
      "Content-Type": "application/json",
      "Grpc-Metadata-Content-Type": "application/grpc",
    },
    body: JSON.stringify(message),
  };
}

/** An error of the gateway. */
export function gatewayError(error: GrpcError): Reply {
  const status = statusOfCode[error.code];
  const text = `rpc error: code = ${error.code} desc = ${error.message}`;
  return jsonReply(status, { code: status, error: text });
}

/** The numbers of the codes. */
const numberOfCode: Readonly<Record<GrpcCode, number>> = {
  Unknown: 2,
  InvalidArgument: 3,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  Unauthenticated: 16,
};

/** The one message of a stream. */
export function streamReply(message: unknown): Reply {
  const { status, headers, body } = gatewayReply({ result: message });
  return { status, headers, body: `${body}\n` };
}

/** An error instead of a stream. */
export function streamError(error: GrpcError): Reply {
  const { code, message } = error;
  const body = { error: { code: numberOfCode[code], message, details: [] } };
  return jsonReply(statusOfCode[code], body);
}

/** What Go's `json.Encoder` writes: the characters that HTML minds are escaped, and a newline ends it. */
export function jsonReply(status: number, value: unknown): Reply {
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { status, headers: { "Content-Type": "application/json" }, body: `${text}\n` };
}

/** What Go's `http.Error` writes. */
export function plainReply(status: number, text: string): Reply {
  return {
    status,
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
    },
    body: `${text}\n`,
  };
}

/** An error of the authentication layer: JSON that says it is text. The message is not escaped, as there. */
export function middlewareError(status: number, message: string): Reply {
  return plainReply(status, `{"error": "${message}", "code": ${status}}`);
}

/** The same answer with more headers. */
export function withHeaders(reply: Reply, headers: Readonly<Record<string, string>>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
