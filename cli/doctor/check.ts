/**
 * What the doctor found.
 *
 * @module
 */
import { visible } from "../../client/internal.ts";

/** How a check ended; `skipped`: it could not be made, because of another. */
export type CheckStatus = "ok" | "warning" | "failed" | "skipped";

/** One check. */
export interface Check {
  /** What was checked, in a word or two. */
  readonly name: string;
  /** How it ended. */
  readonly status: CheckStatus;
  /** What was found. */
  readonly found: string;
  /** What to do about it; absent: nothing. */
  readonly next?: string | undefined;
}

/** Returns a check that found nothing wrong. */
export function ok(name: string, found: string): Check {
  return { name, status: "ok", found };
}

/** Returns a check that found what may be wrong. */
export function warning(name: string, found: string, next?: string): Check {
  return { name, status: "warning", found, next };
}

/** Returns a check that found what is wrong. */
export function failed(name: string, found: string, next?: string): Check {
  return { name, status: "failed", found, next };
}

/** Returns a check that could not be made. */
export function skipped(name: string, found: string): Check {
  return { name, status: "skipped", found };
}

/** Returns a check in one line, or two if there is something to do. */
export function renderCheck({ name, status, found, next }: Check): string {
  const first = `${status.padEnd(8)} ${name.padEnd(12)} ${visible(found)}\n`;
  return next === undefined ? first : `${first}${" ".repeat(22)}→ ${visible(next)}\n`;
}
