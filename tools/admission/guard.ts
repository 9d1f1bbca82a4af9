import type { CallOptions, ContainariumClient, Container, Limits } from "../../client/mod.ts";
import { isBeingDeleted } from "../../client/internal.ts";
import { present } from "../present.ts";
import type { PolicySource, Quotas } from "../policy/mod.ts";
import { amountsOf } from "./amounts.ts";
import { once } from "../once.ts";
import { breachesOf } from "./breaches.ts";
import type { Demand } from "./demand.ts";
import { assertTeams, quotaExceeded } from "./refusals.ts";
import { PendingDemands, type Reservation, unlimited } from "./reservations.ts";
import { anyTeam, distinct, isWithin, type QuotaScope, scopesOf, teamOf } from "./scopes.ts";
import type { Usage } from "./sums.ts";

/** What can be done during one turn. */
export interface Turn {
  /** Lists all containers, once per turn. */
  listed(): Promise<readonly Container[]>;
  /** Returns everything that counts now: what is listed, and what is pending in this process. */
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
  /** Returns the quotas that apply to the call. */
  readonly policy: PolicySource;
  /** Enforces them. */
  readonly quotas: QuotaGuard;
  /** Aborts when the caller cancels. */
  readonly signal: AbortSignal;
}

/**
 * Enforces the quotas on creations and changes, by what the daemon lists now and what calls of this
 * process have requested that is not listed yet. Other clients are not bound by it.
 */
export class QuotaGuard {
  readonly #pending = new PendingDemands();
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

  /** Returns everything that counts now: what is listed, and what is pending in this process. */
  async usages(
    client: ContainariumClient,
    quotas: Quotas,
    options: CallOptions,
  ): Promise<readonly Usage[]> {
    // In turn: a demand that one list ends would be missing in an older list that arrives later.
    return await this.inTurn(client, quotas, options, (turn) => turn.usages());
  }

  /**
   * Reads and acts without another turn in between: two changes that each fit might not fit together.
   * Whatever the quotas count without a demand (a snapshot, a label) is written within its turn.
   *
   * @param quotas As read for the call; absent: there is room for everything, and no turn to wait for
   * @param settle Prolongs the turn after a failure, until a lost write has happened
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
      await this.#pending.drop(client, listed, askedAt, options);
      return listed;
    });
    return {
      listed,
      usages: async () => this.#usages(await listed(), quotas),
      take: async (demands) => {
        assertTeams(demands, quotas);
        return this.#take(quotas, demands, await listed());
      },
    };
  }

  #usages(listed: readonly Container[], quotas: Quotas): readonly Usage[] {
    return [
      ...listed.map((container) => this.#listedUsage(container, quotas)),
      ...this.#pending.all.map((demand) => usageOf("asked", demand, quotas)),
    ];
  }

  /** The labels of a container that another client is creating are not listed yet. */
  #listedUsage(container: Container, quotas: Quotas): Usage {
    const usage = usageOf("listed", container, quotas);
    const isOurs = this.#pending.of(container.username).length > 0;
    return container.state === "creating" && !isOurs ? { ...usage, team: anyTeam } : usage;
  }

  #take(quotas: Quotas, demands: readonly Demand[], listed: readonly Container[]): Reservation {
    const usages = this.#usages(listed, quotas);
    const outcomes = demands.flatMap((demand) => this.#outcomesOf(demand, listed));
    const asked = outcomes.map((demand) => usageOf("asked", demand, quotas));
    const scopes = asked.flatMap((usage) => scopesOf(usage, quotas));
    const isRelabel = demands.some(({ kind }) => kind === "relabel");
    const breaches = distinct(scopes).flatMap((scope) =>
      breachesOf(scope, usages, asked, isRelabel)
    );
    if (breaches.length > 0) throw quotaExceeded(breaches, deletedIn(scopes, listed, quotas));
    return this.#pending.add(outcomes);
  }

  /** Returns every state that a change may lead to, given the pending changes of the same container. */
  #outcomesOf(demand: Demand, listed: readonly Container[]): readonly Demand[] {
    if (demand.kind === "create") return [demand];
    const rows = listed.filter(({ username }) => username === demand.username);
    const now = rows.length === 1 ? rows : [demand];
    return [...now, ...this.#pending.of(demand.username)].map(({ labels, cpu, memory, disk }) =>
      demand.kind === "resize"
        ? { ...demand, labels }
        : { ...demand, ...present({ cpu, memory, disk }) }
    );
  }
}

/** Returns the containers of these scopes that are deleted, and not gone yet. */
function deletedIn(
  scopes: readonly QuotaScope[],
  listed: readonly Container[],
  quotas: Quotas,
): readonly string[] {
  return listed.filter(isBeingDeleted)
    .filter(({ username, labels }) =>
      scopes.some((scope) => isWithin({ username, team: teamOf(labels, quotas) }, scope))
    )
    .map(({ username }) => username);
}

/** Returns the turn of a server without quotas. */
function freeTurn(client: ContainariumClient, options: CallOptions): Turn {
  return {
    listed: once(() => client.containers.list(options)),
    usages: () => Promise.resolve([]),
    take: () => Promise.resolve(unlimited),
  };
}

function usageOf(
  source: Usage["source"],
  from: Limits & Pick<Demand, "username" | "labels">,
  quotas: Quotas,
): Usage {
  const { username, labels } = from;
  return { source, username, team: teamOf(labels, quotas), amounts: amountsOf(from) };
}
