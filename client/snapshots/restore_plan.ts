import { containerName } from "../containers/username.ts";
import { isSameContainer } from "../containers/agreed.ts";
import { type Container, isOfPeer } from "../containers/container.ts";
import { ContainariumError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { onAnotherHost } from "./refusal.ts";
import { isSameSnapshot, type Snapshot } from "./snapshot.ts";

/** What a restore would start from, and what would be lost besides what was written since. */
export interface RestorePlan {
  /** The container, with what only a list says of it. */
  readonly container: Container;
  /** What the disk becomes again. */
  readonly snapshot: Snapshot;
  /** Whether processes would be killed; those of a frozen container too. */
  readonly isRunning: boolean;
  /** The snapshots that are newer and would be destroyed, oldest first. */
  readonly newer: readonly Snapshot[];
}

/** What a restore is asked for with, as far as it can be refused for it. */
export interface RestoreRequest {
  /** The container, with what only a list says of it. */
  readonly container: Container;
  /** The snapshot's name. */
  readonly name: string;
  /** Whether newer snapshots may be destroyed. */
  readonly discardNewer: boolean;
}

/** Looks whether a restore can be, before anything is changed; refuses it otherwise. */
export function planRestore(
  { container, name, discardNewer }: RestoreRequest,
  snapshots: readonly Snapshot[],
): RestorePlan {
  const { username } = container;
  const at = snapshots.findIndex((snapshot) => snapshot.name === name);
  const snapshot = snapshots[at];
  if (snapshot === undefined) throw missing(username, name, snapshots);
  const newer = snapshots.slice(at + 1);
  if (newer.length > 0 && !discardNewer) {
    throw new ContainariumError(
      "failed_precondition",
      `Restoring ${containerName(username)} to "${name}" would destroy newer snapshots: ` +
        `${namesOf(newer)}. Nothing was changed`,
      {
        reason: "newer_snapshots",
        details: { username, snapshot: name, newerSnapshots: newer.map(({ name }) => name) },
      },
    );
  }
  return { container, snapshot, isRunning: runs(container), newer };
}

/** Why a restore would lose more than was agreed to, or nothing if it would not. */
export function unagreedLoss(now: RestorePlan, agreed: RestorePlan): string | undefined {
  if (!isSameContainer(now.container, agreed.container)) {
    return `${containerName(now.container.username)} has been recreated since the user agreed`;
  }
  if (!isSameSnapshot(now.snapshot, agreed.snapshot)) {
    return `The snapshot "${now.snapshot.name}" has been replaced since the user agreed`;
  }
  const more = now.newer.filter((one) => !agreed.newer.some((known) => isSameSnapshot(one, known)));
  if (more.length > 0) {
    return "Since the user agreed, there are more snapshots that would be destroyed: " +
      namesOf(more);
  }
  return now.isRunning && !agreed.isRunning
    ? "Since the user agreed, the container has been started"
    : undefined;
}

/** Refuses what cannot be rolled back. */
export function requireRestorable(container: Container): void {
  if (container.state === "failed") {
    throw new ContainariumError(
      "not_found",
      `${container.username} has no container: the last attempt to create one failed`,
      { details: { username: container.username } },
    );
  }
  if (isOfPeer(container)) throw onAnotherHost(container);
  runs(container);
}

/** Whether processes run in a container that can be rolled back; refuses one whose state is unknown. */
function runs({ username, state }: Container): boolean {
  switch (state) {
    case "running":
    // What is frozen lives on after a rollback, which the daemon does not mind.
    case "frozen":
      return true;
    case "stopped":
      return false;
    case "creating":
    case "provisioning":
      throw new ContainariumError(
        "conflict",
        `The container of ${username} is still being created (${state})`,
        { reason: "being_created", details: { username } },
      );
    case "failed":
    case "unknown":
      throw new ContainariumError(
        "failed_precondition",
        `The container of ${username} is ${state}, so whether it runs is unknown. ` +
          "Nothing was changed",
      );
  }
}

function missing(
  username: string,
  name: string,
  snapshots: readonly Snapshot[],
): ContainariumError {
  const names = snapshots.map((snapshot) => snapshot.name);
  return new ContainariumError(
    "not_found",
    `${containerName(username)} has no snapshot "${name}"`,
    {
      reason: "snapshot_missing",
      details: { username, snapshot: name, meant: nearest(name, names) },
    },
  );
}

function namesOf(snapshots: readonly Snapshot[]): string {
  return snapshots.map(({ name }) => `"${name}"`).join(", ");
}
