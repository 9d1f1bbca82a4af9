/** What stretches of the long tail have in common. @module */

import type { ContainerSeed } from "./mod.ts";
import { longTail } from "./recordings.ts";
import { playSpan, type Step } from "./replay.ts";

const small = { cpu: "1", memory: "512MB", disk: "5GB" };

/** One of the two containers of nearly every stretch, at its recorded address: requests name it. */
export const rec1: ContainerSeed = { username: "rec1", ipAddress: "10.77.0.37", resources: small };
/** The other. */
export const rec2: ContainerSeed = { username: "rec2", ipAddress: "10.77.0.134", resources: small };
/** One that some stretches make. */
export const rec3: ContainerSeed = { username: "rec3", ipAddress: "10.77.0.91", resources: small };
/** The two. */
export const both: readonly ContainerSeed[] = [rec1, rec2];
/** The daemon of the main set. */
export const main = { containers: both, baseDomain: "rec.test" };
/** The same, as the stretch of attributions left it. */
export const labeled = {
  ...main,
  containers: [{ ...rec1, labels: { "cost-center": "a1", owner: "me" } }, rec2],
};
/** As the stretch of secrets left them. */
export const twoSecrets = ["API_KEY", "DB_URL"].map((name) => ({
  username: "rec1",
  name,
  value: "x",
}));

/** Replays from one name to another. */
export function span(first: string, last: string): Step {
  return playSpan(first, last, longTail);
}
