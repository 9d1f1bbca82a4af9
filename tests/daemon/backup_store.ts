/** The backups' records and archives, which outlive their container. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { isoSeconds } from "./container.ts";
import { GrpcError } from "./reply.ts";
import type { Call } from "./route.ts";
import type { World } from "./world.ts";

/** One archive. */
export interface BackupRecord {
  readonly id: string;
  readonly username: string;
  readonly database: string;
  readonly createdAt: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly destination: string;
  /** Where its folder or bucket is. */
  readonly location: string;
  readonly relations: number;
  readonly lastVerification: Readonly<Record<string, unknown>> | null;
}

/** All of them. */
export class BackupStore {
  readonly #clock: () => number;
  readonly #records = new Map<string, BackupRecord>();
  readonly #damaged = new Set<string>();

  constructor({ services }: World) {
    this.#clock = services.clock;
  }

  /** The newest first. */
  list(): readonly BackupRecord[] {
    return [...this.#records.values()].reverse();
  }

  /** Adds one: two of a database in one second are one. */
  add(made: Omit<BackupRecord, "id" | "createdAt" | "sha256" | "lastVerification">): BackupRecord {
    const createdAt = isoSeconds(this.#clock());
    const id = `${made.username}-${made.database}-${createdAt.replaceAll(/[-:]/g, "")}`;
    const record: BackupRecord = {
      ...made,
      id,
      createdAt,
      sha256: digestOf(id),
      lastVerification: null,
    };
    this.#records.set(id, record);
    return record;
  }

  /** The record of that id, if there is one. */
  find(id: string): BackupRecord | undefined {
    return this.#records.get(id);
  }

  /** Keeps the outcome of a verification. */
  verified(
    record: BackupRecord,
    lastVerification: Readonly<Record<string, unknown>>,
  ): BackupRecord {
    const changed = { ...record, lastVerification };
    this.#records.set(record.id, changed);
    return changed;
  }

  /** Removes one with its archive. */
  remove({ id }: BackupRecord): void {
    this.#records.delete(id);
  }

  /** Changes a byte of an archive, as a disk or somebody may do. */
  damage(id: string): void {
    if (!this.#records.has(id)) throw new Error(`There is no backup ${id}`);
    this.#damaged.add(id);
  }

  /** What the check of an archive says; undefined when it is as it was made. */
  damageOf({ id, sha256 }: BackupRecord): string | undefined {
    if (!this.#damaged.has(id)) return undefined;
    return `dump integrity check failed: sha256 ${
      digestOf(`${id} damaged`)
    } != recorded ${sha256} (corruption or tampering)`;
  }
}

/** Looks like a SHA-256, and is another one for another text. */
function digestOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(32);
  for (let at = 0; at < Math.max(32, bytes.length); at++) {
    digest[at % 32] = ((digest[at % 32] ?? 0) * 31 + (bytes[at % bytes.length] ?? 0) + at) & 0xff;
  }
  return digest.toHex();
}

/** The record in the path, if the caller may do that with it. */
export function demandBackup({ world, caller, param }: Call, scope: string): BackupRecord {
  requireScope(caller, scope);
  const record = world.area(BackupStore).find(param("id"));
  if (record === undefined) throw new GrpcError("NotFound", "backup not found");
  requireTenant(caller, record.username);
  return record;
}

/** A record on the wire. */
export function writeBackup(record: BackupRecord): Record<string, unknown> {
  const { id, username, database, createdAt, sizeBytes, sha256, destination } = record;
  return {
    ...{ id, username, database, createdAt, sizeBytes: String(sizeBytes), sha256, destination },
    location: `${record.location}/${id}.dump`,
    engine: "BACKUP_ENGINE_POSTGRES",
    lastVerification: record.lastVerification,
    relationCount: String(record.relations),
  };
}
