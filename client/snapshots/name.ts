/**
 * Which names a snapshot may have. Checked before a URL is built: the daemon passes a name on to
 * `zfs destroy`, to which `%` and `,` mean more than one snapshot.
 *
 * @module
 */
import type { ApiPath } from "../transport/api_path.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";
import { containerPath } from "../containers/username.ts";

/** What means one snapshot, whatever is done with it. */
export const snapshotNamePattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Says why a name cannot be a snapshot's, or nothing when it can. */
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

/** The path of a snapshot's resource: `snapshotPath("alice", "monday", "rollback")`. */
export function snapshotPath(
  username: string,
  name: string,
  ...segments: readonly string[]
): ApiPath {
  requireSnapshotName(name);
  return containerPath(username, "snapshots", name, ...segments);
}

/**
 * Refuses what cannot be a snapshot's name.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function requireSnapshotName(name: string): void {
  const problem = snapshotNameProblem(name);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}

/** The name of a snapshot that is taken now: `20261121T104500Z`, which is also how its age is known. */
export function newSnapshotName(now: Date = new Date()): string {
  return formatTime(now).replaceAll(/[:-]/g, "");
}

/** The time that a name carries: `before-20261121T104500Z`, also with dashes and colons; UTC only. */
export function timeInName(name: string): Date | undefined {
  const found = /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)[T_-](\d\d)[:-]?(\d\d)[:-]?(\d\d)Z/.exec(name);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(text);
  // The 30th of February would be taken for a day in March.
  return !Number.isNaN(time.getTime()) && time.toISOString() === text ? time : undefined;
}
