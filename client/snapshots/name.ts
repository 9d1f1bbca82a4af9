/**
 * Names of snapshots. Checked before a URL is built: the daemon passes a name to `zfs destroy`,
 * where `%` and `,` stand for several snapshots.
 *
 * @module
 */
import type { ApiPath } from "../transport/api_path.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";
import { containerPath } from "../containers/username.ts";

/** Names that stand for one snapshot in every operation. */
export const snapshotNamePattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Returns why a name cannot be a snapshot's, or `undefined` if it can. */
export function snapshotNameProblem(name: string): string | undefined {
  if (!snapshotNamePattern.test(name)) {
    return `"${name}" is not a snapshot's name: 1 to 63 letters, digits, ".", "_" and "-", ` +
      `beginning with a letter or digit`;
  }
  if (name.startsWith("snapshot-")) {
    return `"${name}" begins with "snapshot-", which is reserved for Incus's own snapshots`;
  }
  return undefined;
}

/** Returns the path of a snapshot's resource: `snapshotPath("alice", "monday", "rollback")`. */
export function snapshotPath(
  username: string,
  name: string,
  ...segments: readonly string[]
): ApiPath {
  requireSnapshotName(name);
  return containerPath(username, "snapshots", name, ...segments);
}

/**
 * Throws unless the name is a valid snapshot name.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function requireSnapshotName(name: string): void {
  const problem = snapshotNameProblem(name);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}

/** Returns a name for a snapshot taken now: `20261121T104500Z`. Its age is later read from it. */
export function newSnapshotName(now: Date = new Date()): string {
  return formatTime(now).replaceAll(/[:-]/g, "");
}

/** Returns the UTC time in a name: `before-20261121T104500Z`, with or without dashes and colons. */
export function timeInName(name: string): Date | undefined {
  const found = /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)[T_-](\d\d)[:-]?(\d\d)[:-]?(\d\d)Z/.exec(name);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(text);
  // Date would read the 30th of February as a day in March.
  return !Number.isNaN(time.getTime()) && time.toISOString() === text ? time : undefined;
}
