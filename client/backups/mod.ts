/**
 * Backups of the databases in containers.
 *
 * @module
 */
export type { AgreedBackup } from "./agreed_backup.ts";
export type { Backup, BackupDestination, Verification, VerificationCheck } from "./backup.ts";
export { backupBucketProblem, type MadeBackups } from "./backup_creation.ts";
export type {
  CreateBackupOptions,
  CreateBackupResult,
  DeleteBackupOptions,
  DeleteBackupResult,
  HeldOptions,
  ListBackupsOptions,
  LookBackupOptions,
  RestoreBackupOptions,
  RestoreBackupResult,
  VerifyBackupOptions,
  VerifyBackupResult,
} from "./backup_options.ts";
export type { Backups } from "./backups.ts";
export { type DatabaseLogin, databaseNameProblem } from "./database_login.ts";
