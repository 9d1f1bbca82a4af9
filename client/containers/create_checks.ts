import { together } from "../async/together.ts";
import type { CallOptions } from "../async/call_options.ts";
import { type Container, isBeingDeleted } from "./container.ts";
import type { ContainerReader } from "./reader.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";
import { newUsernameProblem } from "./username.ts";

/** What existed before a creation. */
export interface Presence {
  /** Whether an earlier creation left its ERROR. */
  readonly failedBefore: boolean;
  /** Whether the daemon is from before 0.16.5, when diagnosis came. */
  readonly isOldDaemon: boolean;
}

/**
 * Throws, before anything is sent, if a creation would do harm: there is a container, or a host
 * account of that name, which the creation would rewrite and a deletion would remove with its home.
 *
 * @throws {ContainariumError} `invalid_argument`, `conflict` or `failed_precondition`
 */
export async function refuseInTheWay(
  containers: ContainerReader,
  username: string,
  signal: AbortSignal | undefined,
): Promise<Presence> {
  const problem = newUsernameProblem(username);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
  const [existing, diagnosis] = await together([
    containers.find(username, { signal }),
    diagnosisOf(containers, username, { signal }),
  ]);
  if (existing !== undefined && isBeingDeleted(existing)) throw takenUntilGone(existing);
  if (existing !== undefined && existing.state !== "failed") {
    throw new ContainariumError(
      "conflict",
      `${presenceOf(username, existing.state)}. Nothing was sent`,
      {
        reason: isBeingCreated(existing.state) ? "being_created" : "already_exists",
        details: { username },
      },
    );
  }
  if (diagnosis?.containerState === "missing" && diagnosis.hostUserExists) {
    throw new ContainariumError(
      "failed_precondition",
      `The host has an account named ${username} and no container for it: creating one would ` +
        `rewrite that account's shell and sudo rights, and deleting it later would remove the ` +
        `account with its home. Nothing was sent. Choose another username, or have the ` +
        `host's operator look at that account`,
    );
  }
  return { failedBefore: existing !== undefined, isOldDaemon: diagnosis === undefined };
}

/** Returns the error for a name whose container is deleted, and still there. */
function takenUntilGone({ username, ttlExpiresAt }: Container): ContainariumError {
  return new ContainariumError(
    "conflict",
    `${username} has a container that was deleted and can be recovered until ` +
      `${formatTime(ttlExpiresAt)}; until then the name is taken. Nothing was sent`,
    { reason: "deletion_pending", details: { username } },
  );
}

function presenceOf(username: string, state: string): string {
  return isBeingCreated(state)
    ? `A container for ${username} is already being created (${state})`
    : `${username} already has a container (${state}); there is one container per user`;
}

function isBeingCreated(state: string): boolean {
  return state === "creating" || state === "provisioning";
}

/** `undefined` if the daemon is too old: a missing container is not an error for this endpoint. */
async function diagnosisOf(
  containers: ContainerReader,
  username: string,
  options: CallOptions,
): Promise<Diagnosis | undefined> {
  try {
    return await containers.diagnose(username, options);
  } catch (error) {
    const isTooOld = error instanceof ContainariumError &&
      (error.code === "not_found" || error.code === "unsupported");
    if (isTooOld) return undefined;
    throw error;
  }
}
