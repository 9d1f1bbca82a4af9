/** Verifying a backup: it is loaded into a scratch database of another container. @module */

import { requireTenant } from "./auth.ts";
import { type BackupRecord, BackupStore, demandBackup, writeBackup } from "./backup_store.ts";
import { isoSeconds } from "./container.ts";
import {
  complaintOf,
  type Connection,
  connectionFields,
  noConnection,
  serverOf,
} from "./postgres_boxes.ts";
import { message, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { notFoundText } from "./store.ts";
import type { World } from "./world.ts";

/** Verifying. */
export const backupVerificationRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/backups/{id}/verify", since: "0.67.0", handle: verify },
];

const verifyFields = { id: text, targetUsername: text, connection: message(connectionFields) };

/** One step of it. */
interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

function verify(call: Call): unknown {
  const { targetUsername, connection = noConnection } = call.body(verifyFields);
  const { world, caller } = call;
  const record = demandBackup(call, "backups:write");
  if (targetUsername === "") {
    throw new GrpcError(
      "InvalidArgument",
      "target_username is required: a restore test needs a throwaway container to load into",
    );
  }
  requireTenant(caller, targetUsername);
  const target = `${targetUsername}-container`;
  if (world.store.find(targetUsername) === undefined) {
    throw new GrpcError(
      "NotFound",
      `target container for user ${targetUsername} not found: failed to get container: ${
        notFoundText(targetUsername)
      }`,
    );
  }
  if (targetUsername === record.username) {
    throw new GrpcError(
      "FailedPrecondition",
      `verification could not run: verification target "${target}" must differ from the source container: a restore test must never load a dump over the database it came from`,
    );
  }
  const scratchDatabase = `containarium_verify_${record.id.replaceAll("-", "_").toLowerCase()}`;
  const checks = runChecks(record, targetUsername, connection, scratchDatabase, world);
  const error = checks.find(({ passed }) => !passed)?.detail ?? "";
  const verification = {
    verifiedAt: isoSeconds(Date.now()),
    result: error === "" ? "VERIFICATION_RESULT_PASSED" : "VERIFICATION_RESULT_FAILED",
    error,
    targetContainer: target,
    scratchDatabase,
    durationMs: "0",
    verifiedBy: caller.username,
    checks,
  };
  const changed = world.area(BackupStore).verified(record, verification);
  return {
    message: error === ""
      ? `verification passed: ${record.id}`
      : `verification FAILED: ${record.id}: ${error}`,
    verification,
    record: writeBackup(changed),
  };
}

/** The checks up to the first that fails. */
function runChecks(
  record: BackupRecord,
  targetUsername: string,
  connection: Connection,
  scratchDatabase: string,
  world: World,
): readonly Check[] {
  const damage = world.area(BackupStore).damageOf(record);
  const integrity: Check = {
    name: "integrity",
    passed: damage === undefined,
    detail: damage ?? `sha256 matches recorded checksum (${record.sizeBytes} bytes)`,
  };
  if (damage !== undefined) return [integrity];
  const into = { ...connection, database: "" };
  const complaint = complaintOf(serverOf(world, targetUsername), "psql", into);
  if (complaint !== undefined) {
    const detail = `could not create scratch database: ${complaint.text}`;
    return [integrity, { name: "scratch_database", passed: false, detail }];
  }
  return [
    integrity,
    { name: "scratch_database", passed: true, detail: `created ${scratchDatabase}` },
    { name: "restore", passed: true, detail: `dump loaded into ${scratchDatabase}` },
    {
      name: "relation_count",
      passed: true,
      detail: `${record.relations} user relations, matching the source at dump time`,
    },
  ];
}
