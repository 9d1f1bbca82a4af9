/**
 * What a daemon does not pass on of its peers' answers.
 *
 * @module
 */
import { type Container, isOfPeer } from "./container.ts";
import { ContainariumError, restate } from "../errors.ts";

/**
 * Holds a start or stop to what is read afterwards: of a peer's refusal the daemon makes a success.
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
 * What a start or stop that found no container means: where a backend did not answer in time, the daemon
 * reports only that it has none itself.
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
 * What it means that the settings of a container which was read are not found: the daemon looks for it on
 * its own host only.
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
