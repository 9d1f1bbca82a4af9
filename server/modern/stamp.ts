// @ts-types="@modelcontextprotocol/sdk/types"
import type { Result } from "@modelcontextprotocol/sdk/types.js";
import { serverInfo } from "../info.ts";
import type { Method } from "../methods.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { metaKeys } from "./revision.ts";

/** Who answers, in each result: without the logo, which `server/discover` shows. */
const sender = { name: serverInfo.name, title: serverInfo.title, version: serverInfo.version };

/** A result as the revision 2026-07-28 has it. */
export function stampResult(
  { cacheMs }: Pick<Method, "cacheMs">,
  { _meta: meta, ...result }: Result,
  extraMeta: Readonly<Record<string, unknown>> = {},
): Result {
  const { resultType = "complete", ...rest } = result;
  const isCacheable = cacheMs !== undefined && resultType === "complete";
  return {
    resultType,
    ...rest,
    // Which tools there are depends on the token.
    ...(isCacheable ? { ttlMs: cacheMs, cacheScope: "private" } : {}),
    _meta: { [metaKeys.serverInfo]: sender, ...meta, ...extraMeta },
  };
}

/** An error with the code that the revision 2026-07-28 has for it. */
export function stampError(error: unknown): unknown {
  return error instanceof RpcError && error.code === rpcCodes.resourceNotFound
    ? new RpcError(rpcCodes.invalidParams, error.message, error.data)
    : error;
}
