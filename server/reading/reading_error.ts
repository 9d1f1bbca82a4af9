import { ContainariumError } from "../../client/mod.ts";
import { oneLine } from "../../client/internal.ts";
import { explain, type ToolContext } from "../../tools/mod.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { shownFailure } from "../shown.ts";
import { meantUsername } from "../calls/suggest_username.ts";

/** What was read when it failed. */
export interface FailedRead {
  /** What it is called in the log: its URI or name. */
  readonly what: string;
  /** What stands in it. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** What the client's log gets, besides the code. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** There is no resource at an address. The older revision has a code of its own for it. */
export class MissingResource extends RpcError {
  /** @param message Says which, and what would fit */
  constructor(message: string, data: unknown) {
    super(rpcCodes.resourceNotFound, message, data);
  }
}

/** Returns the protocol's error for a resource or a prompt that failed: it has no result of its own to say so. */
export async function readingError(
  error: unknown,
  { what, values, data }: FailedRead,
  context: ToolContext,
): Promise<RpcError> {
  if (error instanceof RpcError) return error;
  const { client, log, signal } = context;
  const shown = (text: string) => shownFailure(client.redact(text));
  if (!(error instanceof ContainariumError)) {
    if (signal.aborted) return new RpcError(rpcCodes.internalError, "Cancelled", data);
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log("error", `${what}: ${error instanceof Error ? error.stack ?? reason : reason}`);
    const text = `${what} failed because of a bug in this server: ${oneLine(reason)}`;
    return new RpcError(rpcCodes.internalError, shown(text), data);
  }
  const { code, reason } = error;
  const text = shown(explain(error, await meantUsername(error, values, context)));
  const facts = { ...data, "containarium/code": code, "containarium/reason": reason };
  switch (code) {
    case "not_found":
      return new MissingResource(text, facts);
    case "invalid_argument":
      return new RpcError(rpcCodes.invalidParams, text, facts);
    default:
      return new RpcError(rpcCodes.internalError, text, facts);
  }
}
