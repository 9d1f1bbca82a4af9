import { ContainariumError } from "../errors.ts";
import { didYouMean, nearest } from "../text/nearest.ts";

/** What the daemon installs like a stack and does not list. */
const baseScripts: readonly string[] = ["ntp"];

/**
 * Throws for a stack that the daemon does not have: it would create the container and fail then.
 *
 * @param known The ids that the daemon lists
 * @throws {ContainariumError} `invalid_argument`, with the closest id in `details.meant`
 */
export function refuseUnknownStack(id: string, known: readonly string[]): void {
  if (known.includes(id) || baseScripts.includes(id)) return;
  throw new ContainariumError("invalid_argument", unknownStack(id, known), {
    reason: "unknown_stack",
    details: { meant: nearest(id, known) },
  });
}

/** Returns the sentence that there is no such stack, and which may be meant. */
export function unknownStack(id: string, known: readonly string[]): string {
  return `There is no stack "${id}"; ${didYouMean(id, known)}`;
}
