/**
 * What making, restoring and verifying have in common: the daemon holds the request open, for minutes.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import type { PendingWork, Work, WorkName } from "../async/pending_work.ts";
import { type Container, isOfPeer } from "../containers/container.ts";
import { ContainariumError } from "../errors.ts";
import type { Backup, Verification } from "./backup.ts";
import type {
  CreateBackupOptions,
  HeldOptions,
  RestoreBackupOptions,
  VerifyBackupOptions,
} from "./backup_options.ts";
import type { Connection, DatabaseLogin } from "./database_login.ts";

/** Waits for work, as long as the caller wants to. */
export async function settle<T extends { readonly kind: string }>(
  pending: PendingWork<T>,
  username: string,
  work: Work<T>,
  { waitMs = 600_000 }: HeldOptions,
  call: CallOptions,
): Promise<T | { readonly kind: "pending" }> {
  const ended = await pending.wait(username, work, waitMs, call.signal);
  return ended?.value ?? { kind: "pending" };
}

/** Names work: equally for calls that ask for the same. A container of the same name that came later is another. */
export function workOf(
  { user, passwordSecret, port }: DatabaseLogin,
  what: readonly unknown[],
  { name, createdAt }: Container,
  title: string,
): WorkName {
  const key = JSON.stringify([...what, user, passwordSecret, port, createdAt]);
  return { key, title: `${title} in ${name}` };
}

/** Names the making of a backup. */
export function creationName(options: CreateBackupOptions, container: Container): WorkName {
  return workOf(options, [options.database, options.bucket], container, "The backup");
}

/** Names a restore. */
export function restoreName(
  { id, sha256 }: Backup,
  options: RestoreBackupOptions,
  container: Container,
): WorkName {
  const { database, clean = false } = options;
  return workOf(options, [id, sha256, database, clean], container, "A restore");
}

/** Names a verification. */
export function verificationName(
  { id, sha256 }: Backup,
  options: VerifyBackupOptions,
  container: Container,
): WorkName {
  return workOf(options, [id, sha256], container, "The verification of a backup");
}

/** Returns a verification without the password, should the daemon quote it. */
export function withoutPassword(verification: Verification, { shown }: Connection): Verification {
  const { error, checks } = verification;
  return {
    ...verification,
    error: error === undefined ? undefined : shown(error),
    checks: checks.map((check) => ({ ...check, detail: shown(check.detail) })),
  };
}

/**
 * Throws unless programs can be started in a container: it runs, and on the daemon's own host.
 *
 * @throws {ContainariumError} `failed_precondition`
 */
export function requireRunning(container: Container): Container {
  const { name, username, state, backendId } = container;
  if (isOfPeer(container)) {
    throw new ContainariumError(
      "failed_precondition",
      `${name} is on another host: only that host's own daemon backs its databases up`,
      { reason: "other_host", details: { username, backend: backendId } },
    );
  }
  if (state === "running") return container;
  throw new ContainariumError("failed_precondition", `${name} is ${state}`, {
    reason: "not_running",
    details: { username },
  });
}
