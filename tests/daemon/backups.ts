/** Backups of the databases inside containers: making, listing, restoring, removing. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { type BackupRecord, BackupStore, demandBackup, writeBackup } from "./backup_store.ts";
import {
  complaintOf,
  type Connection,
  connectionFields,
  noConnection,
  serverOf,
} from "./postgres_boxes.ts";
import { choice, flag, message, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Backups. */
export const backupRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/backups", handle: create },
  { method: "GET", pattern: "/v1/backups", handle: list },
  { method: "GET", pattern: "/v1/backups/{id}", handle: get },
  { method: "DELETE", pattern: "/v1/backups/{id}", handle: remove },
  { method: "POST", pattern: "/v1/backups/{id}/restore", handle: restore },
].map((route) => ({ ...route, since: "0.67.0" }));

const destinations = [
  "BACKUP_DESTINATION_UNSPECIFIED",
  "BACKUP_DESTINATION_LOCAL",
  "BACKUP_DESTINATION_GCS",
];
const createFields = {
  username: text,
  connection: message(connectionFields),
  destination: choice(destinations),
  gcsBucket: text,
};
const restoreFields = { id: text, connection: message(connectionFields), clean: flag };

function create({ world, caller, body }: Call): unknown {
  const { username, connection = noConnection, destination, gcsBucket } = body(createFields);
  requireScope(caller, "backups:write");
  if (username === "") throw new GrpcError("InvalidArgument", "username is required");
  requireTenant(caller, username);
  world.store.demandOr404(username);
  if (destination === destinations[0]) {
    throw new GrpcError(
      "InvalidArgument",
      "rpc error: code = InvalidArgument desc = destination is required (local or gcs)",
    );
  }
  if (destination === "BACKUP_DESTINATION_GCS" && !gcsBucket.startsWith("gs://")) {
    throw failed("backup", `gcs_bucket must be a gs:// URI, got "${gcsBucket}"`);
  }
  const records = databasesToDump(world, username, connection).map((database) =>
    dumpDatabase(world, username, database, destination, gcsBucket)
  );
  const written = records.map(writeBackup);
  return connection.database === ""
    ? {
      message: `backed up ${records.length} database(s)`,
      record: null,
      records: written,
      failures: [],
    }
    : {
      message: `backup created: ${records[0]?.id}`,
      record: written[0],
      records: written,
      failures: [],
    };
}

function databasesToDump(
  world: World,
  username: string,
  connection: Connection,
): readonly string[] {
  const server = serverOf(world, username);
  const one = connection.database !== "";
  const complaint = complaintOf(server, one ? "pg_dump" : "psql", connection);
  if (complaint !== undefined) {
    const doing = one ? "pg_dump failed" : "list databases: list databases";
    throw failed("backup", `${doing}: ${complaint.ending}: ${complaint.text}`);
  }
  return one ? [connection.database] : Object.keys(server?.databases ?? {}).sort();
}

/** Makes an archive of a database. */
export function dumpDatabase(
  world: World,
  username: string,
  database: string,
  destination: string,
  gcsBucket = "",
): BackupRecord {
  const relations = serverOf(world, username)?.databases[database] ?? 0;
  return world.area(BackupStore).add({
    username,
    database,
    destination,
    location: destination === "BACKUP_DESTINATION_GCS"
      ? gcsBucket.replace(/\/*$/, "")
      : "/var/lib/containarium/backups",
    relations,
    sizeBytes: 1083 + 3618 * relations,
  });
}

function list({ world, caller, query }: Call): unknown {
  requireScope(caller, "backups:read");
  const username = caller.admin ? query.get("username") ?? "" : caller.username;
  const records = world.area(BackupStore).list()
    .filter((record) => username === "" || record.username === username);
  return { records: records.map(writeBackup) };
}

function get(call: Call): unknown {
  return { record: writeBackup(demandBackup(call, "backups:read")) };
}

function remove(call: Call): unknown {
  const record = demandBackup(call, "backups:write");
  call.world.area(BackupStore).remove(record);
  return { message: `backup deleted: ${record.id}` };
}

function restore(call: Call): unknown {
  const { connection = noConnection, clean } = call.body(restoreFields);
  const record = demandBackup(call, "backups:write");
  const { id, username, database } = record;
  const store = call.world.area(BackupStore);
  const damage = store.damageOf(record);
  if (damage !== undefined) throw failed("restore", damage);
  const server = serverOf(call.world, username);
  const into = { ...connection, database: connection.database || database };
  const complaint = complaintOf(server, "pg_restore", into);
  if (complaint !== undefined) {
    throw failed("restore", `pg_restore failed: ${complaint.ending}: ${complaint.text}`);
  }
  if (!clean && (server?.databases[into.database] ?? 0) > 0) {
    throw failed("restore", `pg_restore failed: command exited with code 1: ${conflict}`);
  }
  return { message: `restore complete: ${id}` };
}

/** The recorded one, of a table with a key and a row. */
const conflict = `pg_restore: error: could not execute query: ERROR:  relation "t" already exists
Command was: CREATE TABLE public.t (
    id integer NOT NULL,
    x text
);


pg_restore: error: COPY failed for table "t": ERROR:  duplicate key value violates unique constraint "t_pkey"
DETAIL:  Key (id)=(1) already exists.
CONTEXT:  COPY t, line 1
pg_restore: error: could not execute query: ERROR:  multiple primary keys for table "t" are not allowed
Command was: ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);


pg_restore: warning: errors ignored on restore: 3`;

function failed(what: "backup" | "restore", reason: string): GrpcError {
  return new GrpcError("Internal", `${what} failed: ${reason}`);
}
