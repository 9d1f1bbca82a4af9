/**
 * Backups of the databases in containers: list, create, restore, verify, delete.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { createBackup } from "./create_backup.ts";
import { deleteBackup } from "./delete_backup.ts";
import { listBackups } from "./list_backups.ts";
import { restoreBackup } from "./restore_backup.ts";
import { verifyBackup } from "./verify_backup.ts";

/** The toolset `backups`, in the order in which it is listed. */
export const backupTools: readonly Tool[] = [
  listBackups,
  createBackup,
  restoreBackup,
  verifyBackup,
  deleteBackup,
];
