/** What the tests see of snapshots. @module */

/** The snapshots that a container has from the start. */
export interface SnapshotSeed {
  /** Their names, oldest first; those that begin with `snapshot-` are Incus's own. */
  readonly snapshots?: readonly string[];
  /** False: its disk is encrypted, and the key is not there. @default {true} */
  readonly keyLoaded?: boolean;
}

/** ZFS as one has it on the host itself. */
export interface HostSnapshots {
  /** The names of a container's snapshots, oldest first, those of Incus too. */
  snapshots(username: string): readonly string[];
  /** Takes a snapshot of a container: whatever name `zfs` accepts. */
  takeSnapshot(username: string, name: string): Promise<void>;
}
