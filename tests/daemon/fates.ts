/** What the test has asked to become of creations. @module */

import type { CreateFailure } from "./types.ts";
import type { World } from "./world.ts";

/** How this creation is to fail: as the next one is, else as all of this user are. */
export function failureOf(username: string, { store, fates }: World): CreateFailure | undefined {
  const fate = fates.get(username);
  return store.takeFailure() ?? (fate?.kind === "fails" ? fate : undefined);
}

/** How much longer than others it takes, in milliseconds. */
export function extraMs(username: string, { fates }: World): number {
  const fate = fates.get(username);
  return fate?.kind === "slow" ? fate.ms : 0;
}
