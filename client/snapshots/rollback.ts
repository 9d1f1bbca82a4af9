import type { CallOptions } from "../async/call_options.ts";
import { type JsonObject, readFlag, readList, readText } from "../wire.ts";

/** How to roll back. */
export interface RollbackOptions extends CallOptions {
  /**
   * Kill the container first if it runs, and leave it stopped. Without it, a running one is
   * refused. The daemon may kill it and then refuse: read the state after any error.
   *
   * @default {false}
   */
  readonly force?: boolean | undefined;
  /**
   * Whether to destroy newer snapshots.
   *
   * @default {false}
   */
  readonly discardNewer?: boolean | undefined;
}

/** Side effects of a rollback. */
export interface RollbackResult {
  /** Whether the container was killed and is stopped now. */
  readonly stopped: boolean;
  /** The names of the newer snapshots that were destroyed. */
  readonly discarded: readonly string[];
}

/** Returns the body of a rollback, with only the options that are set. */
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
