// @ts-types="@modelcontextprotocol/sdk/types"
import {
  InitializeRequestSchema,
  LATEST_PROTOCOL_VERSION,
} from "@modelcontextprotocol/sdk/types.js";

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

/** What is wrong with an `initialize` request; nothing when it is none, or right. */
export function initializeFault(message: unknown): string | undefined {
  if (!isObject(message) || message.method !== "initialize") return undefined;
  const parsed = InitializeRequestSchema.safeParse(message);
  if (parsed.success) return undefined;
  const paths = parsed.error.issues.map(({ path }) => path.join("."));
  return `initialize: ${paths.join(", ")} is not as the specification has it`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
