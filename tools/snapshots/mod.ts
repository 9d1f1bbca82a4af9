/**
 * Snapshots of containers' disks: list, take, restore, delete.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { createSnapshot } from "./create_snapshot.ts";
import { deleteSnapshot } from "./delete_snapshot.ts";
import { listSnapshots } from "./list_snapshots.ts";
import { restoreSnapshot } from "./restore_snapshot.ts";

/** The toolset `snapshots`, in the order in which it is listed. */
export const snapshotTools: readonly Tool[] = [
  listSnapshots,
  createSnapshot,
  restoreSnapshot,
  deleteSnapshot,
];
