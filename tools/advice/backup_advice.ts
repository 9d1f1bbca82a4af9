import type { ErrorReason } from "../../client/mod.ts";
import { type AdviceEntry, meantOrCall } from "./advice_entry.ts";

type BackupReason = Extract<
  ErrorReason,
  | "backup_damaged"
  | "backup_missing"
  | "database_login_failed"
  | "database_missing"
  | "database_unreachable"
  | "no_database_programs"
  | "restored_in_part"
>;

/** What to do about failures of backups and of the databases in them. */
export const backupAdvice: Readonly<Record<BackupReason, AdviceEntry>> = {
  "backup_damaged": {
    why: "A disk lost bits, or somebody changed the file; what it holds cannot be relied on.",
    next: "Tell the user, and call list_backups for an older one.",
  },
  "backup_missing": ({ details: { meant } }) => ({
    next: `${meantOrCall(meant)} list_backups to see which backups exist.`,
  }),
  "database_login_failed": {
    why: "The user or the password is wrong, or the server wants a password and none was sent.",
    next: "Pass user, and as password_secret the name of the container's secret that holds the " +
      "password: list_secrets shows the names. Ask the user rather than guess.",
  },
  "database_missing": {
    next: "Ask the user for the database's name, or omit database to back up all of them.",
  },
  "database_unreachable": {
    why: "PostgreSQL does not run there, or listens on another port or address than 127.0.0.1.",
    next: "Check with run_command (systemctl status postgresql; ss -ltn), or pass port.",
  },
  "no_database_programs": {
    why: "The daemon backs up PostgreSQL only, with pg_dump, psql and pg_restore in the container.",
    next: "Ask the user whether to install them (apt install postgresql-client), or whether the " +
      "database is in another container.",
  },
  "restored_in_part": {
    why: "Where tables exist already, their rows and keys collide with those of the backup.",
    next: "Tell the user that the database may hold a mixture now. With clean=true the restore " +
      "drops what the backup contains first; a new, empty database does without that.",
  },
};
