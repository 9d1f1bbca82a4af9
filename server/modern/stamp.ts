// @ts-types="@modelcontextprotocol/sdk/types"
import type { Result } from "@modelcontextprotocol/sdk/types.js";
import { serverInfo } from "../info.ts";
import type { Method } from "../methods.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { metaKeys } from "./revision.ts";

/** Server info in each result, without the icons, which `server/discover` returns. */
const sender = { name: serverInfo.name, title: serverInfo.title, version: serverInfo.version };

/** Returns a result in the form of the revision 2026-07-28. */
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
    // The list of tools depends on the token.
    ...(isCacheable ? { ttlMs: cacheMs, cacheScope: "private" } : {}),
    _meta: { [metaKeys.serverInfo]: sender, ...meta, ...extraMeta },
  };
}

/** Returns an error with its code in the revision 2026-07-28. */
export function stampError(error: unknown): unknown {
  return error instanceof RpcError && error.code === rpcCodes.resourceNotFound
    ? new RpcError(rpcCodes.invalidParams, error.message, error.data)
    : error;
}
