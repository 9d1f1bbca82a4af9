import type { CallOptions } from "../async/call_options.ts";
import { type JsonObject, readFlag, readList, readText } from "../wire.ts";

/** How to roll back. */
export interface RollbackOptions extends CallOptions {
  /**
   * Kill the container first if it runs, and leave it stopped; without it, one that runs is refused.
   * The daemon may kill it and then refuse: read the state after any error.
   *
   * @default {false}
   */
  readonly force?: boolean | undefined;
  /**
   * Whether newer snapshots may be destroyed.
   *
   * @default {false}
   */
  readonly discardNewer?: boolean | undefined;
}

/** What a rollback did besides it. */
export interface RollbackResult {
  /** Whether the container was killed; it is stopped then. */
  readonly stopped: boolean;
  /** The names of the newer snapshots that were destroyed. */
  readonly discarded: readonly string[];
}

/** The body of a rollback: nothing but what is wanted. */
export function rollbackBody({ force, discardNewer }: RollbackOptions): JsonObject {
  return {
    force: force || undefined,
    destroyNewer: discardNewer || undefined,
  };
}

/** Reads the answer to a rollback. */
export function readRollback(answer: JsonObject): RollbackResult {
  return {
    stopped: readFlag(answer.containerStopped),
    discarded: readList(answer.destroyedSnapshots, "destroyedSnapshots")
      .map(readText).filter((name) => name !== undefined),
  };
}
