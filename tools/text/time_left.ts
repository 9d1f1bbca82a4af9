/**
 * Time left until a deadline, for readers that do not know the time.
 *
 * @module
 */
import type { Container } from "../../client/mod.ts";
import { deletionAt, formatTime } from "../../client/internal.ts";
import { formatSeconds } from "./format.ts";

/** Returns the whole seconds until a time; 0 if it has passed. */
export function secondsUntil(time: Date, now: Date = new Date()): number {
  return Math.max(0, Math.round((time.getTime() - now.getTime()) / 1_000));
}

/** Formats how long is left for people; over an hour in whole minutes: `1 d`, not `23 h 59 min`. */
export function formatLeft(seconds: number): string {
  return formatSeconds(seconds < 3_600 ? seconds : Math.round(seconds / 60) * 60);
}

/** Formats a deadline for people: `2026-11-26T10:00:00Z (in 2 h)`. */
export function withTimeLeft(time: Date, now?: Date): string {
  return `${formatTime(time)} (in ${formatSeconds(secondsUntil(time, now))})`;
}

/** Returns how many seconds until the daemon deletes a container by itself; never for protected ones. */
export function deletesInSeconds(container: Container, now?: Date): number | undefined {
  if (container.isProtected) return undefined;
  const deadlines = [container.ttlExpiresAt, deletionAt(container)]
    .filter((time) => time !== undefined)
    .map((time) => secondsUntil(time, now));
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}
