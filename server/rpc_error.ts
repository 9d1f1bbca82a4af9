/** An error of the protocol itself, as JSON-RPC 2.0 answers it. */
export class RpcError extends Error {
  /** Always `"RpcError"`. */
  override readonly name = "RpcError";
  /** The JSON-RPC code. */
  readonly code: number;
  /** More, for the client's log. */
  readonly data: unknown;

  /** @param code One of {@linkcode rpcCodes} */
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The codes of JSON-RPC 2.0 section 5.1 that this server answers. */
export const rpcCodes = {
  /** A line that is not JSON. */
  parseError: -32700,
  /** JSON that is not a request. */
  invalidRequest: -32600,
  /** A method that is not served. */
  methodNotFound: -32601,
  /** Parameters that do not fit, or a tool that does not exist. */
  invalidParams: -32602,
} as const;
