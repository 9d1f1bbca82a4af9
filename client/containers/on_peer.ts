/**
 * Explains failures that a daemon hides when it forwards to its peers.
 *
 * @module
 */
import { type Container, isOfPeer } from "./container.ts";
import { ContainariumError, restate } from "../errors.ts";

/**
 * Checks a start or stop against the state afterwards: the daemon reports success even if a peer
 * refused.
 *
 * @throws {ContainariumError} `internal` when a peer's container is not in that state
 */
export function expectPassedOn(container: Container, wanted: "running" | "stopped"): void {
  const { name, state, backendId = "another backend" } = container;
  if (!isOfPeer(container) || state === wanted || state === "unknown") return;
  throw new ContainariumError(
    "internal",
    `The daemon reports that ${name} is ${wanted} on ${backendId}, but it is ${state} there: the ` +
      `backend refused, and the daemon does not report why`,
  );
}

/**
 * Explains a `not_found` for a start or stop: if a backend did not answer in time, the daemon
 * reports only that it has no such container itself.
 *
 * @param now The container, if there is one
 */
export function notFoundOrSilent(
  error: ContainariumError,
  action: "start" | "stop",
  now: Container | undefined,
): ContainariumError {
  if (now === undefined || !isOfPeer(now)) return error;
  const { name, state, backendId = "another backend" } = now;
  return restate(
    error,
    `${name} is on ${backendId}, which did not answer to the ${action} within the 30 s that the ` +
      `daemon waits: it may still be carried out. It is ${state} now`,
    { code: "ambiguous" },
  );
}

/**
 * Explains a `not_found` for the settings of an existing container: the daemon looks only on its
 * own host.
 *
 * @param before The container as it was read
 */
export function settingsOnPeer(error: unknown, before: Container): unknown {
  const { name, backendId } = before;
  const isHidden = error instanceof ContainariumError && error.code === "not_found" &&
    backendId !== undefined && isOfPeer(before);
  if (!isHidden) return error;
  return new ContainariumError(
    "failed_precondition",
    `${name} is on ${backendId}, and the daemon sets labels, times to live, protection and ` +
      `auto-sleep only of containers on its own host: set them through ${backendId}'s own daemon`,
    {
      reason: "other_host",
      details: { username: before.username, backend: backendId },
      cause: error,
    },
  );
}
