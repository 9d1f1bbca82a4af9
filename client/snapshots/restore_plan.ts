import { containerName } from "../containers/username.ts";
import { isSameContainer } from "../containers/agreed.ts";
import { type Container, isOfPeer } from "../containers/container.ts";
import { ContainariumError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { onAnotherHost } from "./refusal.ts";
import { isSameSnapshot, type Snapshot } from "./snapshot.ts";

/** What a restore starts from, and what it loses besides what was written since the snapshot. */
export interface RestorePlan {
  /** The container as `getWhole` reads it. */
  readonly container: Container;
  /** The snapshot to restore. */
  readonly snapshot: Snapshot;
  /** Whether it would kill processes, including those of a frozen container. */
  readonly isRunning: boolean;
  /** Newer snapshots that it would destroy, oldest first. */
  readonly newer: readonly Snapshot[];
}

/** A restore to check. */
export interface RestoreRequest {
  /** The container as `getWhole` reads it. */
  readonly container: Container;
  /** The snapshot's name. */
  readonly name: string;
  /** Whether to destroy newer snapshots. */
  readonly discardNewer: boolean;
}

/** Plans a restore, or throws if it is not possible; changes nothing. */
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

/** Returns why a restore would lose more than was agreed to, or `undefined` if it would not. */
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

/** Throws if the container cannot be rolled back. */
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

/** Returns whether processes run in the container; throws if its state is unknown. */
function runs({ username, state }: Container): boolean {
  switch (state) {
    case "running":
    // Frozen processes would live on after a rollback; the daemon does not check.
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
