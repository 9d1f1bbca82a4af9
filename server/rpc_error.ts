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

/** The codes that this server answers: of JSON-RPC 2.0 section 5.1, and of MCP. */
export const rpcCodes = {
  /** A line that is not JSON. */
  parseError: -32700,
  /** JSON that is not a request. */
  invalidRequest: -32600,
  /** A method that is not served. */
  methodNotFound: -32601,
  /** Parameters that do not fit, or a tool that does not exist. */
  invalidParams: -32602,
  /** A request that was right and failed all the same, where a result has no place to say so. */
  internalError: -32603,
  /** No such resource. Up to 2025-11-25; the seam answers -32602 in 2026-07-28. */
  resourceNotFound: -32002,
  /** Something that the client has to declare first. */
  missingCapability: -32021,
  /** A revision of MCP that is not served. */
  unsupportedVersion: -32022,
} as const;

/** A name that nobody would give is not sent back whole. */
export function briefly(name: string): string {
  return name.length <= 100 ? name : `${name.slice(0, 100)}…`;
}
