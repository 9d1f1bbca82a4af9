// @ts-types="@modelcontextprotocol/sdk/types"
import {
  InitializeRequestSchema,
  LATEST_PROTOCOL_VERSION,
} from "@modelcontextprotocol/sdk/types.js";
import { isObject, type JsonObject, withoutNulls } from "../json.ts";

/**
 * Fills in what an `initialize` request leaves out or sets to `null`: the manual test of the vendor's
 * page sends empty params, and some clients no version of their own. The newest revision is the default.
 */
export function repairInitialize(message: unknown): unknown {
  if (!isObject(message) || message.method !== "initialize") return message;
  const { capabilities = {}, clientInfo = {}, ...params } = isObject(message.params)
    ? message.params
    : {};
  return {
    ...message,
    params: {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      ...params,
      capabilities: isObject(capabilities) ? declared(capabilities) : capabilities,
      clientInfo: isObject(clientInfo)
        ? { name: "unknown", version: "unknown", ...withoutNulls(clientInfo) }
        : clientInfo,
    },
  };
}

function declared(capabilities: JsonObject): JsonObject {
  const entries = Object.entries(withoutNulls(capabilities))
    .map(([name, value]) => [name, isObject(value) ? withoutNulls(value) : value]);
  return Object.fromEntries(entries);
}

/** What is wrong with an `initialize` request; nothing when it is none, or right. */
export function initializeFault(message: unknown): string | undefined {
  if (!isObject(message) || message.method !== "initialize") return undefined;
  const parsed = InitializeRequestSchema.safeParse(message);
  if (parsed.success) return undefined;
  const paths = parsed.error.issues.map(({ path }) => path.join("."));
  return `initialize: ${paths.join(", ")} does not match the specification`;
}
