/**
 * Snapshots of containers' disks, and restores.
 *
 * @module
 */
export { snapshotNameProblem } from "./name.ts";
export type { RestoreOptions, RestoreResult, RestoreStep } from "./restore.ts";
export type { RestorePlan } from "./restore_plan.ts";
export type { RollbackOptions, RollbackResult } from "./rollback.ts";
export type { Snapshot } from "./snapshot.ts";
export type {
  AgreedSnapshot,
  CreateSnapshotOptions,
  DeleteSnapshotOptions,
  DeleteSnapshotResult,
  Snapshots,
} from "./snapshots.ts";
