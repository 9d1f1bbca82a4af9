/**
 * Results of changes of keys.
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
  /** Its comment; empty if it has none. */
  readonly comment: string;
  /** Its options: `from="10.0.0.0/8",no-pty`; absent if unrestricted. */
  readonly options?: string | undefined;
}

/** Where a key can be: in the container's own file, or in that of the account on the host. */
export type KeyPlace = "container" | "host";

/** Result for a key in one place. */
export interface KeyReport {
  /** Where. */
  readonly place: KeyPlace;
  /**
   * Its result. `unknown`: lines are left that the daemon does not show, and that may hold the key, or the response was lost;
   * `cannot`: nothing was changed there.
   */
  readonly outcome: "added" | "already there" | "removed" | "absent" | "unknown" | "cannot";
  /** Why not, or a remark. */
  readonly why?: string | undefined;
  /** Condition behind `cannot`, if known. */
  readonly reason?: ErrorReason | undefined;
  /** Number of keys now, if known. */
  readonly keys?: number | undefined;
}

/** Result for a key. */
export interface KeyChange {
  /** The key; absent if it was not found. */
  readonly key?: SshKey | undefined;
  /** The requested places, the container first. */
  readonly places: readonly KeyReport[];
}

/** What a removal would leave in one place. */
export type KeyOutlook =
  /** The key is not there, or nothing can be removed there. */
  | "absent"
  /** Other keys certainly stay. */
  | "others stay"
  /** It is, or may be, the last key. */
  | "last"
  /** The place could not be read, so it may be the last key. */
  | "unseen";

/** What the user saw when agreeing to remove a key. */
export interface KeyRemovalPlan {
  /** The key, if found or given as a line. */
  readonly key?: SshKey | undefined;
  /** In the container. */
  readonly container: KeyOutlook;
  /** On the host. */
  readonly host: KeyOutlook;
}

/** The keys of a container. */
export interface KeyList {
  /** Keys of the container's user. The daemon cannot list the host's. */
  readonly keys: readonly SshKey[];
  /** Number of lines that sshd ignores, since they hold no key. */
  readonly unreadable: number;
}
