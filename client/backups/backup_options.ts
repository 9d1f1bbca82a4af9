/**
 * Options and results of the calls about backups.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import type { AgreedContainer } from "../containers/agreed.ts";
import type { AgreedBackup } from "./agreed_backup.ts";
import type { Backup, Verification } from "./backup.ts";
import type { MadeBackups } from "./backup_creation.ts";
import type { DatabaseLogin } from "./database_login.ts";

/** Which backups to list. */
export interface ListBackupsOptions extends CallOptions {
  /**
   * Only those of this user.
   *
   * @default All that the token reaches
   */
  readonly username?: string | undefined;
}

/** How long to wait for something that may take minutes. */
export interface HeldOptions extends CallOptions {
  /**
   * Milliseconds to wait for the end. It continues after that, and the same call again joins it.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
}

/** What to back up, and how. */
export interface CreateBackupOptions extends HeldOptions, DatabaseLogin {
  /**
   * Name of the database.
   *
   * @default Each database of the server, as a backup of its own
   */
  readonly database?: string | undefined;
  /**
   * Where Google Cloud Storage keeps it: `gs://team-backups`.
   *
   * @default A disk of the host
   */
  readonly bucket?: string | undefined;
  /**
   * Backs up only this container's database; refuses if it was recreated since.
   *
   * @default The current one
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** Result of a backup. */
export type CreateBackupResult =
  | (MadeBackups & {
    /** It has ended. */
    readonly kind: "ended";
    /** Databases that could not be backed up, and why: text from outside. */
    readonly failures: readonly string[];
  })
  | {
    /** The wait ended first. */
    readonly kind: "pending";
  };

/** Where to restore a backup to, and how. */
export interface RestoreBackupOptions extends HeldOptions, DatabaseLogin {
  /**
   * Name of the database to restore into. It has to exist.
   *
   * @default The one that was backed up
   */
  readonly database?: string | undefined;
  /**
   * Drops what the backup contains before it is restored. Without it, a restore over existing tables fails
   * with parts done.
   *
   * @default {false}
   */
  readonly clean?: boolean | undefined;
  /**
   * Restores only this one, and only into this container; refuses if either was replaced since.
   *
   * @default The current state
   */
  readonly agreed?: AgreedBackup | undefined;
}

/** Result of a restore. */
export type RestoreBackupResult =
  | {
    /** It is restored. */
    readonly kind: "restored";
    /** The backup. */
    readonly backup: Backup;
    /** Name of the database that it was restored into. */
    readonly database: string;
  }
  | {
    /** The wait ended first. */
    readonly kind: "pending";
  };

/** How to verify a backup: the login is for the target's database server. */
export interface VerifyBackupOptions extends HeldOptions, DatabaseLogin {
  /**
   * Loads only this backup, and only into this container; refuses if either was replaced since.
   *
   * @default The current state
   */
  readonly agreed?: AgreedBackup | undefined;
}

/** Which container to look at, besides a backup. */
export interface LookBackupOptions extends CallOptions {
  /**
   * Its owner.
   *
   * @default The owner of the backup
   */
  readonly target?: string | undefined;
}

/** Result of a verification. */
export type VerifyBackupResult =
  | {
    /** It has ended, well or not. */
    readonly kind: "ended";
    /** What was found. */
    readonly verification: Verification;
  }
  | {
    /** The wait ended first. */
    readonly kind: "pending";
  };

/** How to delete a backup. */
export interface DeleteBackupOptions extends CallOptions {
  /**
   * Deletes only this one; refuses if it was replaced since.
   *
   * @default The current one
   */
  readonly agreed?: AgreedBackup | undefined;
}

/** Result of a deletion. */
export interface DeleteBackupResult {
  /** The backup that was deleted. Absent if there was none of that id. */
  readonly deleted: Backup | undefined;
}
