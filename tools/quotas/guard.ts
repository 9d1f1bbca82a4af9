import {
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type Container,
  type Limits,
} from "../../client/mod.ts";
import type { PolicySource, Quotas } from "../policy/mod.ts";
import { amountsOf } from "./amounts.ts";
import { breachesOf } from "./breaches.ts";
import { anyTeam, isSameScope, type Scope, scopesOf, teamOf } from "./scopes.ts";
import type { Claim } from "./sums.ts";

/** What a container is to become, as far as quotas count it. */
export interface Demand extends Limits {
  /** Whose. */
  readonly username: string;
  /** All the labels that it will have. */
  readonly labels: Readonly<Record<string, string>>;
  /** How it comes to be that. */
  readonly kind: "create" | "resize" | "relabel";
}

/** Room that is held until it is known what became of what it was taken for. */
export interface Room extends Disposable {
  /** Does what room was taken for; what comes of it is in the daemon's list from then on. */
  hold<T>(username: string, work: () => Promise<T>): Promise<T>;
}

/** Room of which nobody keeps count. */
const unlimited: Room = { hold: (_, work) => work(), [Symbol.dispose]: () => {} };

/** A write whose answer was lost may still arrive at the daemon for so long. */
const LOST_MS = 60_000;

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
  readonly #policy: PolicySource;
  #held: readonly Held[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** @param policy Where the quotas are */
  constructor(policy: PolicySource) {
    this.#policy = policy;
  }

  /**
   * Takes room for several demands, all or none.
   *
   * @throws {ContainariumError} `resource_exhausted` with the sums: `team dev: cpu 14 of 16, asked 4`
   */
  async take(
    client: ContainariumClient,
    demands: readonly Demand[],
    options: CallOptions,
  ): Promise<Room> {
    const { quotas } = await this.#policy();
    if (quotas === undefined || demands.length === 0) return unlimited;
    return await this.#inTurn(async () =>
      roomOf(await this.#takeNow(client, quotas, demands, options))
    );
  }

  /** Everything that counts now: what is listed, and what is under way here. */
  async claims(
    client: ContainariumClient,
    quotas: Quotas,
    options: CallOptions,
  ): Promise<readonly Claim[]> {
    const askedAt = performance.now();
    const listed = await client.containers.list(options);
    await this.#drop(client, listed, askedAt, options);
    return [
      ...listed.map((container) => this.#listedClaim(container, quotas)),
      ...this.#held.map(({ demand }) => claimOf("asked", demand, quotas)),
    ];
  }

  /** One that somebody else is creating has no labels yet. */
  #listedClaim(container: Container, quotas: Quotas): Claim {
    const claim = claimOf("listed", container, quotas);
    const isOurs = this.#held.some(({ demand }) => demand.username === container.username);
    return container.state === "creating" && !isOurs ? { ...claim, team: anyTeam } : claim;
  }

  async #takeNow(
    client: ContainariumClient,
    quotas: Quotas,
    demands: readonly Demand[],
    options: CallOptions,
  ): Promise<readonly Held[]> {
    const asked = demands.map((demand) => claimOf("asked", demand, quotas));
    refuseTeamless(demands, quotas);
    const scopes = asked.flatMap((claim) => scopesOf(claim, quotas));
    if (scopes.length === 0) return [];
    const before = await this.claims(client, quotas, options);
    const breaches = distinct(scopes).flatMap((scope) => breachesOf(scope, before, asked));
    if (breaches.length > 0) throw exhausted(breaches);
    const held = demands.map((demand): Held => ({ demand, countsUntil: Infinity }));
    this.#held = [...this.#held, ...held];
    return held;
  }

  /** Lets go of what the list tells by itself now. */
  async #drop(
    client: ContainariumClient,
    listed: readonly Container[],
    askedAt: number,
    options: CallOptions,
  ): Promise<void> {
    const told = new Set<Held>();
    for (const held of this.#held) {
      const isOver = held.countsUntil < askedAt;
      if (isOver && await tells(client, held.demand, listed, options)) told.add(held);
    }
    this.#held = this.#held.filter((held) => !told.has(held));
  }

  /** One at a time: two that each fit might not fit together. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return await turn;
  }
}

function roomOf(all: readonly Held[]): Room {
  const begun = new Set<Held>();
  const settle = (held: Held | undefined, until: number) => {
    if (held?.countsUntil === Infinity) held.countsUntil = until;
  };
  return {
    hold: async (username, work) => {
      const held = all.find(({ demand }) => demand.username === username);
      if (held !== undefined) begun.add(held);
      try {
        const result = await work();
        settle(held, performance.now());
        return result;
      } catch (error) {
        settle(held, performance.now() + (isCertain(error) ? 0 : LOST_MS));
        throw error;
      }
    },
    // What was not even begun; what is under way settles itself.
    [Symbol.dispose]: () =>
      all.filter((held) => !begun.has(held)).forEach((held) => settle(held, performance.now())),
  };
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

function claimOf(
  source: Claim["source"],
  from: Limits & Pick<Demand, "username" | "labels">,
  quotas: Quotas,
): Claim {
  const { username, labels } = from;
  return { source, username, team: teamOf(labels, quotas), amounts: amountsOf(from) };
}

function refuseTeamless(demands: readonly Demand[], quotas: Quotas): void {
  if (quotas.teams === undefined || quotas.without_team !== "refuse") return;
  const without = demands.filter(({ kind, labels }) =>
    kind !== "resize" && teamOf(labels, quotas) === undefined
  );
  if (without.length === 0) return;
  throw new ContainariumError(
    "invalid_argument",
    `There are quotas for teams, and ${without.map(({ username }) => username).join(", ")} would ` +
      `belong to none. Nothing was sent; say the label ${quotas.team_label}, one of the teams ` +
      Object.keys(quotas.teams).join(", "),
  );
}

/** The refusal of what does not fit, with the sums. */
export function exhausted(breaches: readonly string[]): ContainariumError {
  return new ContainariumError(
    "resource_exhausted",
    `The quota does not allow it: ${breaches.join("; ")}. Nothing was sent`,
  );
}

function distinct(scopes: readonly Scope[]): readonly Scope[] {
  return scopes.filter((scope, at) =>
    scopes.findIndex((other) => isSameScope(scope, other)) === at
  );
}
