/**
 * What is reported of a change of keys.
 *
 * @module
 */
import type { ErrorReason } from "../errors.ts";

/** A key that may log in. */
export interface SshKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly fingerprint: string;
  /** What its owner called it; empty where they did not. */
  readonly comment: string;
  /** What it may do and from where: `from="10.0.0.0/8",no-pty`; absent: anything. */
  readonly options?: string | undefined;
}

/** Where a key can be: in the container's own file, or in that of the account on the host. */
export type KeyPlace = "container" | "host";

/** Result for a key in one place. */
export interface KeyReport {
  /** Where. */
  readonly place: KeyPlace;
  /**
   * Its result. `unknown`: lines are left that the daemon does not show, and that may hold the
   * key. `cannot`: nothing was changed there
   */
  readonly outcome: "added" | "already there" | "removed" | "absent" | "unknown" | "cannot";
  /** Why not, or what else is to be known. */
  readonly why?: string | undefined;
  /** Condition behind `cannot`, if known. */
  readonly reason?: ErrorReason | undefined;
  /** How many keys there are now, where that is known. */
  readonly keys?: number | undefined;
}

/** Result for a key. */
export interface KeyChange {
  /** The key; absent if nothing is known of what was passed. */
  readonly key?: SshKey | undefined;
  /** The container, then the host; only those that were asked for. */
  readonly places: readonly KeyReport[];
}

/** What is known of a key and of others in one place, before it is removed. */
export type KeyOutlook =
  /** The key is not there, or nothing can be removed there. */
  | "absent"
  /** Other keys are left for certain. */
  | "others stay"
  /** It is, or may be, the last key. */
  | "last"
  /** The place could not be looked at, so that it may be the last key. */
  | "unseen";

/** What was looked at before a key was agreed to be removed. */
export interface KeyRemovalPlan {
  /** The key, if it was found or its line was given. */
  readonly key?: SshKey | undefined;
  /** In the container. */
  readonly container: KeyOutlook;
  /** On the host. */
  readonly host: KeyOutlook;
}

/** The keys of a container. */
export interface KeyList {
  /** Those of the container's user; the host's cannot be listed. */
  readonly keys: readonly SshKey[];
  /** How many lines SSH passes over, since they hold no key. */
  readonly unreadable: number;
}
