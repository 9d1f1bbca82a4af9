// @ts-types="@modelcontextprotocol/sdk/types"
import { LATEST_PROTOCOL_VERSION } from "@modelcontextprotocol/sdk/types.js";

/**
 * Fills what an `initialize` request leaves out, so that the manual test of the vendor's page
 * (`{"method":"initialize","params":{}}`) is answered, with the newest version.
 */
export function repairInitialize(message: unknown): unknown {
  if (!isObject(message) || message.method !== "initialize") return message;
  const params = isObject(message.params) ? message.params : {};
  return {
    ...message,
    params: {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: "unknown", version: "unknown" },
      ...params,
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
