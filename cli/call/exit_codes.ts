/**
 * Exit codes of `call`, by what became of it. A table in `docs/commands.md` is compared with this one.
 *
 * @module
 */
import type { ErrorCode } from "../../client/mod.ts";
import { own } from "../../client/internal.ts";
import type { HandAnswer } from "../../server/by_hand.ts";
import { isObject } from "../../server/json.ts";

/** Carried out, and the result reports a failure. */
const FAILED_RESULT = 15;
const REFUSED = 3;

const byCode: Readonly<Record<ErrorCode, number>> = {
  "invalid_argument": 2,
  "not_found": 4,
  unauthenticated: 5,
  "permission_denied": 6,
  conflict: 7,
  "failed_precondition": 8,
  unsupported: 9,
  "resource_exhausted": 10,
  unavailable: 11,
  timeout: 12,
  ambiguous: 13,
  internal: 14,
  cancelled: 130,
};

/** What each exit code of `call` means, in order. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, "Carried out"],
  [1, "The address or the token is missing or unusable"],
  [byCode.invalid_argument, "A flag, the tool or an argument is invalid"],
  [REFUSED, "Not agreed to, or nobody could be asked"],
  [byCode.not_found, "There is no such thing"],
  [byCode.unauthenticated, "The daemon does not accept the token"],
  [byCode.permission_denied, "The token may not do this, or the tool is off"],
  [byCode.conflict, "There is one already, or it was changed meanwhile"],
  [
    byCode.failed_precondition,
    "Its state or this process's permissions do not allow it, or it could not be recorded",
  ],
  [byCode.unsupported, "The daemon cannot do this"],
  [byCode.resource_exhausted, "A quota or a limit is reached"],
  [byCode.unavailable, "The daemon cannot be reached"],
  [byCode.timeout, "It took too long"],
  [byCode.ambiguous, "The response was lost: it may have been done"],
  [byCode.internal, "A bug, or an answer of the daemon that nobody understands"],
  [FAILED_RESULT, "Carried out, and the result reports a failure, such as of a command"],
  [byCode.cancelled, "Canceled with Ctrl-C; what was begun may have been done"],
];

/** The table for `--help`. */
export function exitCodeList(): string {
  return exitCodes.map(([code, meaning]) => `  ${String(code).padEnd(5)}${meaning}`).join("\n");
}

/** Returns the exit code of a call. */
export function exitCodeOf({ isError, isRefused, code, structuredContent }: HandAnswer): number {
  if (!isError) return isFailedCommand(structuredContent) ? FAILED_RESULT : 0;
  if (isRefused) return REFUSED;
  const known = code === undefined ? undefined : own(byCode, code);
  return known ?? (structuredContent === undefined ? byCode.internal : FAILED_RESULT);
}

/** Whether a command that was run, in one of several containers perhaps, did not end with 0. */
function isFailedCommand(result: HandAnswer["structuredContent"] = {}): boolean {
  const { then, containers = [] } = result;
  const rows: readonly unknown[] = Array.isArray(containers) ? containers : [];
  return [result, then, ...rows].some((row) => isObject(row) && (row.exit_code ?? 0) !== 0);
}
