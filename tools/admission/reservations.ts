/**
 * Demands that were admitted and are not visible in the daemon's list yet.
 *
 * @module
 */
import {
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type Container,
} from "../../client/mod.ts";
import type { Demand } from "./demand.ts";

/** Room that was taken, until the daemon lists the result. */
export interface Reservation extends Disposable {
  /** Runs `work` under this reservation, and releases it once the daemon lists the result. */
  run<T>(username: string, work: () => Promise<T>): Promise<T>;
}

/** Reservation that counts nothing. */
export const unlimited: Reservation = { run: (_, work) => work(), [Symbol.dispose]: () => {} };

/** How long a write whose response was lost may still reach the daemon. */
const LOST_MS = 60_000;

/** `countsUntil` of a demand that came to nothing: it does not count, whatever is listed. */
const NEVER = -Infinity;

interface PendingDemand {
  readonly demand: Demand;
  /** It counts beside the list until then, by `performance.now()`. */
  countsUntil: number;
}

/** The pending demands of this process. */
export class PendingDemands {
  #pending: readonly PendingDemand[] = [];

  /** Returns all pending demands. */
  get all(): readonly Demand[] {
    return this.#pending.map(({ demand }) => demand);
  }

  /** Returns the pending demands for a container. */
  of(username: string): readonly Demand[] {
    return this.all.filter((demand) => demand.username === username);
  }

  /** Adds demands. The reservation ends them. */
  add(demands: readonly Demand[]): Reservation {
    const added = demands.map((demand): PendingDemand => ({ demand, countsUntil: Infinity }));
    this.#pending = [...this.#pending, ...added];
    return reservationOf(added);
  }

  /**
   * Drops the demands that came to nothing, and those whose result a list shows.
   *
   * @param askedAt When the list was requested, by `performance.now()`
   */
  async drop(
    client: ContainariumClient,
    listed: readonly Container[],
    askedAt: number,
    options: CallOptions,
  ): Promise<void> {
    const ended = new Set<PendingDemand>();
    for (const pending of this.#pending) {
      const isOver = pending.countsUntil < askedAt;
      const isNothing = pending.countsUntil === NEVER;
      if (isNothing || isOver && await isListed(client, pending.demand, listed, options)) {
        ended.add(pending);
      }
    }
    this.#pending = this.#pending.filter((pending) => !ended.has(pending));
  }
}

function reservationOf(all: readonly PendingDemand[]): Reservation {
  const begun = new Set<PendingDemand>();
  const settle = (pending: PendingDemand, until: number) => {
    if (pending.countsUntil === Infinity) pending.countsUntil = until;
  };
  return {
    run: async (username, work) => {
      const own = all.filter(({ demand }) => demand.username === username);
      own.forEach((pending) => begun.add(pending));
      try {
        const result = await work();
        own.forEach((pending) => settle(pending, performance.now()));
        return result;
      } catch (error) {
        own.forEach((pending) => settle(pending, endAfterFailure(pending, error)));
        throw error;
      }
    },
    // Ends what was never started; what is in progress settles itself.
    [Symbol.dispose]: () =>
      all.filter((pending) => !begun.has(pending)).forEach((pending) => settle(pending, NEVER)),
  };
}

/** A failed creation made nothing; a failed change may have been applied in part. */
function endAfterFailure({ demand }: PendingDemand, error: unknown): number {
  if (!isCertain(error)) return performance.now() + LOST_MS;
  return demand.kind === "create" ? NEVER : performance.now();
}

function isCertain(error: unknown): boolean {
  return error instanceof ContainariumError &&
    !["ambiguous", "timeout", "cancelled"].includes(error.code);
}

/** Whether a list shows the result of a demand. A container that is being created has no labels there. */
async function isListed(
  client: ContainariumClient,
  { username, kind }: Demand,
  listed: readonly Container[],
  options: CallOptions,
): Promise<boolean> {
  if (kind !== "create") return true;
  const row = listed.find((container) => container.username === username);
  if (row !== undefined) return row.state !== "creating";
  // Daemons before 0.56.0 do not list what they are creating.
  const found = await client.containers.find(username, options);
  return found === undefined || found.state === "failed";
}
