import type { Container } from "../container.ts";
import type { Containers } from "../containers.ts";
import { isOfPeer } from "../delete.ts";
import { ContainariumError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { onAnotherHost } from "./refusal.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a restore would begin with, and what would be lost by it beside what was written since. */
export interface RestorePlan {
  /** What the disk becomes again. */
  readonly snapshot: Snapshot;
  /** Whether processes would be killed; those of a frozen container too. */
  readonly isRunning: boolean;
  /** The snapshots that are newer and would be destroyed, oldest first. */
  readonly newer: readonly Snapshot[];
}

/** What a restore is asked for with, as far as it can be refused for it. */
export interface RestoreRequest {
  /** Whose container. */
  readonly username: string;
  /** The snapshot's name. */
  readonly name: string;
  /** Whether processes run in the container. */
  readonly isRunning: boolean;
  /** Whether newer snapshots may be destroyed. */
  readonly discardNewer: boolean;
}

/** Looks whether a restore can be, before anything is changed; refuses it otherwise. */
export function planRestore(
  { username, name, isRunning, discardNewer }: RestoreRequest,
  snapshots: readonly Snapshot[],
): RestorePlan {
  const at = snapshots.findIndex((snapshot) => snapshot.name === name);
  const snapshot = snapshots[at];
  if (snapshot === undefined) throw missing(username, name, snapshots);
  const newer = snapshots.slice(at + 1);
  if (newer.length > 0 && !discardNewer) {
    throw new ContainariumError(
      "failed_precondition",
      `Restoring ${username}-container to "${name}" would destroy what is newer: ` +
        `${namesOf(newer)}. Nothing was changed`,
    );
  }
  return { snapshot, isRunning, newer };
}

/** Refuses what would lose more than was agreed to: there may be more by now. */
export function refuseMore(now: RestorePlan, agreed: RestorePlan): void {
  const known = new Set(agreed.newer.map(({ name }) => name));
  const more = now.newer.filter(({ name }) => !known.has(name));
  if (more.length > 0) {
    throw new ContainariumError(
      "failed_precondition",
      `Since it was agreed to, there are more snapshots that would be destroyed: ` +
        `${namesOf(more)}. Nothing was changed`,
    );
  }
  if (now.isRunning && !agreed.isRunning) {
    throw new ContainariumError(
      "failed_precondition",
      "Since it was agreed to, the container has been started. Nothing was changed",
    );
  }
}

/** Whether processes run in a container that can be rolled back; refuses what cannot. */
export async function isRestorableRunning(
  containers: Containers,
  username: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const container = await containers.get(username, { signal });
  if (container.state === "failed") {
    throw new ContainariumError(
      "not_found",
      `${username} has no container: the last attempt to create one failed`,
    );
  }
  if (isOfPeer(container)) throw onAnotherHost(container);
  return runs(container);
}

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
      );
    case "failed":
    case "unknown":
      throw new ContainariumError(
        "failed_precondition",
        `The container of ${username} is ${state}: whether it runs cannot be told. ` +
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
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return new ContainariumError(
    "not_found",
    `${username}-container has no snapshot "${name}"${hint}`,
  );
}

function namesOf(snapshots: readonly Snapshot[]): string {
  return snapshots.map(({ name }) => `"${name}"`).join(", ");
}
