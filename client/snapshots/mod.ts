/**
 * Snapshots of containers' disks, and restores.
 *
 * @module
 */
export type { AgreedSnapshot } from "./agreed_snapshot.ts";
export { snapshotNameProblem } from "./name.ts";
export type { RestoreOptions, RestoreResult, RestoreStep } from "./restore.ts";
export type { RestorePlan } from "./restore_plan.ts";
export type { RollbackOptions, RollbackResult } from "./rollback.ts";
export type { Snapshot } from "./snapshot.ts";
export type {
  CreateSnapshotOptions,
  DeleteSnapshotOptions,
  DeleteSnapshotResult,
  Snapshots,
} from "./snapshots.ts";
