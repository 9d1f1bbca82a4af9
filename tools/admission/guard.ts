import {
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type Container,
  type Limits,
} from "../../client/mod.ts";
import { present } from "../../client/internal.ts";
import type { PolicySource, Quotas } from "../policy/mod.ts";
import { amountsOf } from "./amounts.ts";
import { once } from "../once.ts";
import { breachesOf } from "./breaches.ts";
import type { Demand } from "./demand.ts";
import { exhausted, refuseTeamless } from "./refusals.ts";
import { anyTeam, distinct, scopesOf, teamOf } from "./scopes.ts";
import type { Usage } from "./sums.ts";

/** Room that was taken, until the daemon lists what it was taken for. */
export interface Reservation extends Disposable {
  /** Runs `work` under this reservation, and releases it once the daemon lists the result. */
  run<T>(username: string, work: () => Promise<T>): Promise<T>;
}

/** What can be done in one's turn. */
export interface Turn {
  /** Lists all containers, once in a turn. */
  listed(): Promise<readonly Container[]>;
  /** Everything that counts now: what is listed, and what is in progress here. */
  usages(): Promise<readonly Usage[]>;
  /**
   * Takes room for several demands, all or none.
   *
   * @throws {ContainariumError} `resource_exhausted` with the sums
   */
  take(demands: readonly Demand[]): Promise<Reservation>;
}

/** What admission needs of a call. */
export interface AdmissionContext {
  /** Client of the daemon. */
  readonly client: ContainariumClient;
  /** Returns the quotas that the call goes by. */
  readonly policy: PolicySource;
  /** Enforces them. */
  readonly quotas: QuotaGuard;
  /** Aborts when the caller cancels. */
  readonly signal: AbortSignal;
}

/** Reservation that counts nothing. */
const unlimited: Reservation = { run: (_, work) => work(), [Symbol.dispose]: () => {} };

/** How long a write whose response was lost may still arrive at the daemon. */
const LOST_MS = 60_000;

/** Since when what came to nothing counts: not at all, whatever is listed. */
const NEVER = -Infinity;

/** What somebody here has asked for. */
interface Held {
  readonly demand: Demand;
  /** Until when it counts whatever is listed, by `performance.now()`. */
  countsUntil: number;
}

/**
 * Holds creations and changes to the quotas, by what the daemon lists now and what calls of this
 * process have asked for and is not to be seen there yet. Other clients are not held by it.
 */
export class QuotaGuard {
  #held: readonly Held[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Takes room for several demands, all or none.
   *
   * @param quotas As read for the call; absent: there is room for everything
   * @throws {ContainariumError} `resource_exhausted` with the sums: `team dev: cpu 14 of 16, needs 4 more`
   */
  async take(
    client: ContainariumClient,
    quotas: Quotas | undefined,
    demands: readonly Demand[],
    options: CallOptions,
  ): Promise<Reservation> {
    if (quotas === undefined || demands.length === 0) return unlimited;
    return await this.inTurn(client, quotas, options, (turn) => turn.take(demands));
  }

  /** Everything that counts now: what is listed, and what is in progress here. */
  async usages(
    client: ContainariumClient,
    quotas: Quotas,
    options: CallOptions,
  ): Promise<readonly Usage[]> {
    // In turn: what one look drops is missing in an older list that is still on its way.
    return await this.inTurn(client, quotas, options, (turn) => turn.usages());
  }

  /**
   * Looks and acts with nobody else's turn between: two changes that each fit might not fit
   * together. Whatever the quotas count and no demand holds room for (a snapshot, a label) is
   * written within its turn.
   *
   * @param quotas As read for the call; absent: there is room for everything, and no turn to wait for
   * @param settle Goes on with the turn after a failure, until what is lost has come about
   */
  async inTurn<T>(
    client: ContainariumClient,
    quotas: Quotas | undefined,
    options: CallOptions,
    work: (turn: Turn) => Promise<T>,
    settle: (error: unknown) => Promise<void> = () => Promise.resolve(),
  ): Promise<T> {
    if (quotas === undefined) return await work(freeTurn(client, options));
    const turn = this.#turn.then(() => work(this.#turnOf(client, quotas, options)));
    this.#turn = turn.catch(settle);
    return await turn;
  }

  #turnOf(client: ContainariumClient, quotas: Quotas, options: CallOptions): Turn {
    const listed = once(async () => {
      const askedAt = performance.now();
      const listed = await client.containers.list(options);
      await this.#drop(client, listed, askedAt, options);
      return listed;
    });
    return {
      listed,
      usages: async () => this.#usages(await listed(), quotas),
      take: async (demands) => {
        refuseTeamless(demands, quotas);
        return reservationOf(this.#takeNow(quotas, demands, await listed()));
      },
    };
  }

  #usages(listed: readonly Container[], quotas: Quotas): readonly Usage[] {
    return [
      ...listed.map((container) => this.#listedUsage(container, quotas)),
      ...this.#held.map(({ demand }) => usageOf("asked", demand, quotas)),
    ];
  }

  /** One that somebody else is creating has no labels yet. */
  #listedUsage(container: Container, quotas: Quotas): Usage {
    const usage = usageOf("listed", container, quotas);
    const isOurs = this.#held.some(({ demand }) => demand.username === container.username);
    return container.state === "creating" && !isOurs ? { ...usage, team: anyTeam } : usage;
  }

  #takeNow(
    quotas: Quotas,
    demands: readonly Demand[],
    listed: readonly Container[],
  ): readonly Held[] {
    const usages = this.#usages(listed, quotas);
    const outcomes = demands.flatMap((demand) => this.#outcomesOf(demand, listed));
    const asked = outcomes.map((demand) => usageOf("asked", demand, quotas));
    const scopes = asked.flatMap((usage) => scopesOf(usage, quotas));
    const breaches = distinct(scopes).flatMap((scope) => breachesOf(scope, usages, asked));
    if (breaches.length > 0) throw exhausted(breaches);
    const held = outcomes.map((demand): Held => ({ demand, countsUntil: Infinity }));
    this.#held = [...this.#held, ...held];
    return held;
  }

  /** What a change may come to, with the other changes of that container that are in progress. */
  #outcomesOf(demand: Demand, listed: readonly Container[]): readonly Demand[] {
    if (demand.kind === "create") return [demand];
    const isOwn = ({ username }: { readonly username: string }) => username === demand.username;
    const rows = listed.filter(isOwn);
    const now = rows.length === 1 ? rows : [demand];
    const underWay = this.#held.map(({ demand }) => demand).filter(isOwn);
    return [...now, ...underWay].map(({ labels, cpu, memory, disk }) =>
      demand.kind === "resize"
        ? { ...demand, labels }
        : { ...demand, ...present({ cpu, memory, disk }) }
    );
  }

  /** Drops what the list shows by itself now. */
  async #drop(
    client: ContainariumClient,
    listed: readonly Container[],
    askedAt: number,
    options: CallOptions,
  ): Promise<void> {
    const listedNow = new Set<Held>();
    for (const held of this.#held) {
      const isOver = held.countsUntil < askedAt;
      const isNothing = held.countsUntil === NEVER;
      if (isNothing || isOver && await tells(client, held.demand, listed, options)) {
        listedNow.add(held);
      }
    }
    this.#held = this.#held.filter((held) => !listedNow.has(held));
  }
}

/** What can be done where there are no quotas. */
function freeTurn(client: ContainariumClient, options: CallOptions): Turn {
  return {
    listed: once(() => client.containers.list(options)),
    usages: () => Promise.resolve([]),
    take: () => Promise.resolve(unlimited),
  };
}

function reservationOf(all: readonly Held[]): Reservation {
  const begun = new Set<Held>();
  const settle = (held: Held, until: number) => {
    if (held.countsUntil === Infinity) held.countsUntil = until;
  };
  return {
    run: async (username, work) => {
      const own = all.filter(({ demand }) => demand.username === username);
      own.forEach((held) => begun.add(held));
      try {
        const result = await work();
        own.forEach((held) => settle(held, performance.now()));
        return result;
      } catch (error) {
        own.forEach((held) => settle(held, endOf(held, error)));
        throw error;
      }
    },
    // What was not even started; what is in progress settles itself.
    [Symbol.dispose]: () =>
      all.filter((held) => !begun.has(held)).forEach((held) => settle(held, NEVER)),
  };
}

/** Until when something counts that failed: a creation made nothing, a change perhaps a part. */
function endOf({ demand }: Held, error: unknown): number {
  if (!isCertain(error)) return performance.now() + LOST_MS;
  return demand.kind === "create" ? NEVER : performance.now();
}

function isCertain(error: unknown): boolean {
  return error instanceof ContainariumError &&
    !["ambiguous", "timeout", "cancelled"].includes(error.code);
}

/** Whether the list speaks for what was asked: one that is being created has no labels there. */
async function tells(
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

function usageOf(
  source: Usage["source"],
  from: Limits & Pick<Demand, "username" | "labels">,
  quotas: Quotas,
): Usage {
  const { username, labels } = from;
  return { source, username, team: teamOf(labels, quotas), amounts: amountsOf(from) };
}
