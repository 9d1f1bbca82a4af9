import {
  type JsonObject,
  readFlag,
  readList,
  readNumber,
  readObject,
  readOptionalObject,
  readText,
  readTime,
  readWord,
} from "../wire.ts";

/** Where an archive is kept. */
export type BackupDestination = "local" | "gcs";

/** A step of a verification. */
export interface VerificationCheck {
  /** Its name: `integrity`, `scratch_database`, `restore` or `relation_count`. */
  readonly name: string;
  /** Whether it passed. The first that fails is the last. */
  readonly passed: boolean;
  /** What was found: text from outside. */
  readonly detail: string;
}

/** A test of a backup, which loads it into a scratch database of another container. */
export interface Verification {
  /** When. */
  readonly verifiedAt: Date | undefined;
  /**
   * - `passed`: it was loaded and is complete
   * - `failed`: it is damaged, or cannot be loaded
   * - `not_tested`: the scratch database could not be created, which says nothing about the backup.
   *   The daemon calls this failed, too
   */
  readonly result: "passed" | "failed" | "not_tested";
  /** Why it failed: text from outside. */
  readonly error: string | undefined;
  /** Container that it was loaded into. */
  readonly targetContainer: string | undefined;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** What was checked, in order. */
  readonly checks: readonly VerificationCheck[];
}

/** A backup of one database. It outlives its container. */
export interface Backup {
  /** Its id: `alice-appdb-20261126T000925Z`. */
  readonly id: string;
  /** Owner of the container. */
  readonly username: string;
  /** Name of the database. */
  readonly database: string;
  /** When it was made. */
  readonly createdAt: Date | undefined;
  /** Size of the archive, in bytes. */
  readonly sizeBytes: number;
  /** Checksum of the archive, in hexadecimal. */
  readonly sha256: string;
  /** Where it is: a disk of the host, or Google Cloud Storage. */
  readonly destination: BackupDestination;
  /** Path on the host, or URI. */
  readonly location: string | undefined;
  /** Number of tables, indexes and the like, if it was counted. */
  readonly relationCount: number | undefined;
  /** Its last test, if there was one. */
  readonly lastVerification: Verification | undefined;
}

const destinations: Readonly<Record<string, BackupDestination>> = {
  BACKUP_DESTINATION_GCS: "gcs",
};

/** Reads the daemon's BackupRecord message. */
export function readBackup(value: unknown): Backup {
  const wire = readObject(value, "backup");
  const count = wire.relationCount;
  const verification = readOptionalObject(wire.lastVerification, "lastVerification");
  return {
    id: readText(wire.id) ?? "",
    username: readText(wire.username) ?? "",
    database: readText(wire.database) ?? "",
    createdAt: readTime(wire.createdAt),
    sizeBytes: readNumber(wire.sizeBytes),
    sha256: readText(wire.sha256) ?? "",
    destination: readWord(wire.destination, destinations) ?? "local",
    location: readText(wire.location),
    relationCount: count === undefined || count === null ? undefined : readNumber(count),
    lastVerification: verification && readVerification(verification),
  };
}

/** Reads the daemon's BackupVerification message. */
export function readVerification(wire: JsonObject): Verification {
  const checks = readList(wire.checks, "checks").map(readCheck);
  const isPassed = wire.result === "VERIFICATION_RESULT_PASSED";
  const failed = checks.find(({ passed }) => !passed);
  return {
    verifiedAt: readTime(wire.verifiedAt),
    result: isPassed ? "passed" : failed?.name === "scratch_database" ? "not_tested" : "failed",
    error: isPassed ? undefined : readText(wire.error),
    targetContainer: readText(wire.targetContainer),
    durationMs: readNumber(wire.durationMs),
    checks,
  };
}

function readCheck(value: unknown): VerificationCheck {
  const wire = readObject(value, "check");
  return {
    name: readText(wire.name) ?? "",
    passed: readFlag(wire.passed),
    detail: readText(wire.detail) ?? "",
  };
}

/** Returns whether two readings are of the same archive. One made in the same second has the same id. */
export function isSameBackup(one: Backup, other: Backup): boolean {
  return one.id === other.id && one.sha256 === other.sha256 &&
    one.createdAt?.getTime() === other.createdAt?.getTime();
}
