/**
 * How deletes that can be undone are asked about and reported.
 *
 * @module
 */
import { ContainariumError, type Container } from "../../client/mod.ts";
import {
  containerName,
  deletionAt,
  formatTime,
  isBeingDeleted,
  isDeletedOnceStopped,
  systemAccounts,
} from "../../client/internal.ts";
import { formatSeconds } from "../text/format.ts";
import { diskOf } from "../text/quoted.ts";
import { deletesInSeconds, formatLeft, secondsUntil } from "../text/time_left.ts";
import type { ConsentQuestion } from "../tool.ts";

/** Whether a delete has nothing left to do: it was deleted before, and is stopped. */
export function isDeletedAlready(container: Container): boolean {
  return isBeingDeleted(container) && container.state !== "running";
}

/** Returns `deleting in 23 h`, for a container that was deleted and can be recovered. */
export function deletingIn(container: Container): string | undefined {
  const seconds = deletesInSeconds(container);
  if (!isBeingDeleted(container) || seconds === undefined) return undefined;
  return `deleting in ${formatLeft(seconds)}`;
}

/**
 * Returns when a container will be gone if it is deleted now with this grace: `in 1 d`, or the time at which
 * it would be gone sooner anyway. It stays the same while the user is asked.
 */
export function whenGone(container: Container, grace: number): string {
  const { state, ttlExpiresAt, deleteAfterStoppedSeconds: afterStop = Infinity } = container;
  const startsDeletion = isDeletedOnceStopped(container) && state !== "stopped";
  const spans = [
    ...(isBeingDeleted(container) ? [] : [grace]),
    ...(startsDeletion ? [afterStop] : []),
  ].map((seconds) => ({ seconds, text: `in ${formatSeconds(seconds)}` }));
  const times = [ttlExpiresAt, deletionAt(container)].filter((time) => time !== undefined)
    .map((time) => ({ seconds: secondsUntil(time), text: `at ${formatTime(time)}` }));
  const [soonest] = [...spans, ...times].toSorted((one, other) => one.seconds - other.seconds);
  return soonest?.text ?? "later";
}

/** Returns the question before a container is deleted so that it can be recovered. */
export function recoverableQuestion(
  username: string,
  container: Container,
  grace: number,
): ConsentQuestion {
  const name = containerName(username);
  const when = whenGone(container, grace);
  return {
    message: `Delete ${name} (${container.state})? It is stopped now; ${when} it is deleted with ` +
      `${diskOf(container)} and the user's host account. Until then undelete_container brings it ` +
      `back.${systemAccountWarning(username)}`,
    confirm: `Delete ${name} ${when}`,
  };
}

/** Returns the question for those of several containers that can be recovered. */
export function recoverablesQuestion(
  doomed: readonly {
    readonly container: Container;
    readonly graceSeconds?: number | undefined;
  }[],
): string {
  const ends = doomed.flatMap(({ container, graceSeconds }) =>
    graceSeconds === undefined ? [] : [{ container, when: whenGone(container, graceSeconds) }]
  );
  const groups = [...Map.groupBy(ends, ({ when }) => when)].map(([when, those]) =>
    `${when}: ${those.map(({ container }) => inList(container)).join(", ")}`
  );
  const accounts = ends.map(({ container: { username } }) => systemAccountWarning(username));
  const [them, disks, back] = ends.length === 1
    ? ["1 container", "its disk and the user's host account", "it back"]
    : [`${ends.length} containers`, "their disks and the users' host accounts", "each back"];
  return `Delete ${them}? Stopped now; then deleted with ${disks}, ${groups.join("; ")}. Until ` +
    `then undelete_container brings ${back}.${accounts.join("")}`;
}

function inList(container: Container): string {
  return `${containerName(container.username)} (${container.state}, ${diskOf(container)})`;
}

function systemAccountWarning(username: string): string {
  return systemAccounts.has(username)
    ? ` "${username}" is a SYSTEM ACCOUNT of the host: the daemon then removes it and its home too.`
    : "";
}

/** Returns a warning about a container that was started, and is deleted all the same. */
export function stillDeleting(container: Container): readonly string[] {
  const deleting = deletingIn(container);
  return deleting === undefined
    ? []
    : [`It is still ${deleting}, running or not: undelete_container keeps it.`];
}

/**
 * Throws if a container is deleted: a time to live set for it would be no way to keep it.
 *
 * @throws {ContainariumError} `failed_precondition` with the reason `deletion_pending`
 */
export function refuseDeleted(container: Container): void {
  const deleting = deletingIn(container);
  if (deleting === undefined) return;
  const { username } = container;
  throw new ContainariumError(
    "failed_precondition",
    `${
      containerName(username)
    } was deleted (${deleting}), and its time to live is what deletes it. ` +
      "Nothing was changed",
    { reason: "deletion_pending", details: { username } },
  );
}

/** Returns what becomes of a deleted container: `it is deleted in 24 h; undelete_container(…) …`. */
export function untilGone(username: string, seconds: number): string {
  return `gone in ${formatLeft(seconds)}; undelete_container(username="${username}") brings it ` +
    "back until then";
}
