import type { CallOptions } from "../async/call_options.ts";
import type { ContainerSettings } from "./settings.ts";
import { maxTtlSeconds } from "./quantities.ts";

/** The daemon keeps whole seconds, and a request takes its time. */
const INEXACT_MS = 2_000;
/** By a clock that is ahead, little is left. The daemon must not delete before that is corrected. */
const SAFE_SECONDS = 3_600;

/**
 * Gives a container the time to live that it had, to the second: the daemon takes only a duration, by
 * its own clock, which may differ from this one.
 *
 * @param until When it ends; absent: never
 */
export async function restoreTtl(
  containers: ContainerSettings,
  username: string,
  until: Date | undefined,
  options: CallOptions,
): Promise<void> {
  if (until === undefined) {
    await containers.setTtl(username, 0, options);
    return;
  }
  const left = (until.getTime() - Date.now()) / 1_000;
  const seconds = inRange(Math.max(left, SAFE_SECONDS));
  const got = await containers.setTtl(username, seconds, options);
  const ahead = (got?.getTime() ?? until.getTime()) - until.getTime();
  if (Math.abs(ahead) <= INEXACT_MS) return;
  await containers.setTtl(username, inRange(seconds - ahead / 1_000), options);
}

/** Returns whether two times to live are the same, as exactly as the daemon keeps them. */
export function isSameTtl(one: Date | undefined, other: Date | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Math.abs(one.getTime() - other.getTime()) <= 2 * INEXACT_MS;
}

function inRange(seconds: number): number {
  return Math.min(maxTtlSeconds, Math.max(1, Math.round(seconds)));
}
