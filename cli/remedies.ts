/**
 * Advice for failures at start. Variables and flags are named here, not in `client/`.
 *
 * @module
 */
import type { ContainariumError, ErrorDetails, ErrorReason } from "../client/mod.ts";
import { howToGrant } from "../tools/mod.ts";

const remedies: Readonly<Partial<Record<ErrorReason, (details: ErrorDetails) => string>>> = {
  "token_file_denied": ({ file }) => howToGrant("it", { read: file ?? "FILE" }),
  "token_file_shared": ({ file }) =>
    `run chmod 600 ${file}, or set CONTAINARIUM_MCP_ALLOW_SHARED_TOKEN_FILE=true if sharing it is ` +
    "intended",
};

/** Returns what happened and what the user can do about it. */
export function withRemedy({ message, reason, details }: ContainariumError): string {
  const remedy = reason === undefined ? undefined : remedies[reason]?.(details);
  return remedy === undefined ? message : `${message}: ${remedy}`;
}
