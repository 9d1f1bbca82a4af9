/**
 * Joins the results of a change in both places.
 *
 * @module
 */
import { isGivenUp } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { KeyReport } from "./report.ts";

/** Failures after which the other place is not tried: they would be the same there. */
const endings = new Set(["not_found", "invalid_argument", "conflict"]);

/**
 * Returns the error instead of throwing it: a failure in one place is no reason to skip the other.
 */
export async function attempt(
  { signal }: CallOptions,
  change: () => Promise<KeyReport>,
): Promise<KeyReport | ContainariumError> {
  try {
    return await change();
  } catch (error) {
    const isFinal = !(error instanceof ContainariumError) || endings.has(error.code) ||
      error.reason === "changed_since_agreed" || isGivenUp(error, signal);
    if (isFinal) throw error;
    return error;
  }
}

/** Returns the result of each place. Throws if all of them failed. */
export function placeReports(
  container: KeyReport | ContainariumError | undefined,
  host: KeyReport | undefined,
): readonly KeyReport[] {
  if (container === undefined && host?.outcome === "cannot") {
    const { why = "it cannot be changed", reason } = host;
    throw new ContainariumError("failed_precondition", `On the host: ${why}`, { reason });
  }
  if (!(container instanceof ContainariumError)) {
    return [container, host].filter((report) => report !== undefined);
  }
  if (host === undefined) throw container;
  if (host.outcome !== "cannot") {
    const { message: why, reason } = container;
    return [{ place: "container", outcome: "cannot", why, reason }, host];
  }
  throw restate(
    container,
    `${container.message}. Nor on the host: ${host.why ?? "it cannot be changed"}`,
  );
}
