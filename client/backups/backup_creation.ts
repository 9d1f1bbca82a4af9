/**
 * Makes backups so that none takes another's place: the daemon names one by user, database and second, and
 * overwrites another of that name without a word.
 *
 * @module
 */
import type { CallOptions } from "../async/call_options.ts";
import { delay } from "../async/delay.ts";
import type { Backup } from "./backup.ts";

/** Beyond this, the clocks of two machines do not differ. */
const MAX_SKEW_MS = 10 * 60_000;
/** A second, and what timers are inexact by. */
const APART_MS = 1_050;

/** Waits, if one of these may have been made in this second. Each was made before this is called. */
export async function untilNextSecond(
  backups: readonly Backup[],
  { signal }: CallOptions,
): Promise<void> {
  const now = Date.now();
  const isRecent = ({ createdAt }: Backup) =>
    Math.abs(now - (createdAt?.getTime() ?? now)) < MAX_SKEW_MS;
  if (backups.some(isRecent)) await delay(APART_MS, signal);
}

/** Returns why a text cannot be where Google Cloud Storage keeps backups, or `undefined` if it can. */
export function backupBucketProblem(uri: string): string | undefined {
  if (/^gs:\/\/[a-z0-9][\w.-]{1,220}(?:\/[\w.-]+)*\/?$/.test(uri)) return undefined;
  return "a bucket is written gs://<bucket>, or gs://<bucket>/<folder>";
}

/** What became of backups that the daemon reports as made. */
export interface MadeBackups {
  /** The backups, as the daemon lists them afterwards. */
  readonly created: readonly Backup[];
  /** Earlier ones that they took the place of. */
  readonly overwritten: readonly Backup[];
  /** Ids of those in whose place the daemon lists another backup, or none. */
  readonly lost: readonly string[];
}

/** Compares what was there before and what is listed afterwards with what the daemon reports. */
export function compareBackups(
  reported: readonly Backup[],
  before: readonly Backup[],
  after: readonly Backup[],
): MadeBackups {
  const isMade = ({ id, sha256, username }: Backup) =>
    after.some((listed) =>
      listed.id === id && listed.sha256 === sha256 && listed.username === username
    );
  return {
    created: reported.filter(isMade),
    overwritten: before.filter(({ id }) => reported.some((backup) => backup.id === id)),
    lost: reported.filter((backup) => !isMade(backup)).map(({ id }) => id),
  };
}
