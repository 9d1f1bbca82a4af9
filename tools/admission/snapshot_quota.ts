import { type ContainariumClient, ContainariumError } from "../../client/mod.ts";
import { delay, visible } from "../../client/internal.ts";
import type { Quotas } from "../policy/mod.ts";
import type { Demand } from "./demand.ts";
import type { AdmissionContext } from "./guard.ts";
import { quotaExceeded } from "./refusals.ts";
import { distinct, isWithin, type QuotaScope, scopesOf, teamOf } from "./scopes.ts";
import type { Usage } from "./sums.ts";

/** How long the daemon may still be taking a snapshot after its response was lost. */
const LOST_MS = 2_000;

/**
 * Takes a snapshot if the quotas have room for one more.
 *
 * @throws {ContainariumError} `resource_exhausted` with the count: `user bob: snapshots 3 of 3, needs 1 more`
 */
export async function snapshotWithin<T>(
  username: string,
  { client, policy, quotas: guard, signal }: AdmissionContext,
  take: () => Promise<T>,
): Promise<T> {
  const { quotas } = await policy();
  if (quotas === undefined) return await take();
  return await guard.inTurn(client, quotas, { signal }, async (turn) => {
    const { labels } = await client.containers.get(username, { signal });
    const usages = await turn.usages();
    const owners = [
      { username, team: teamOf(labels, quotas) },
      ...usages.filter((usage) => usage.username === username),
    ];
    const scopes = distinct(owners.flatMap((owner) => scopesOf(owner, quotas)));
    const counts = new SnapshotCounts(client, signal);
    for (const scope of scopes) await assertRoomForOne(scope, usages, counts);
    return await take();
  }, settled);
}

/** Counts snapshots for one call, those of each container once: a listing costs the host a run of zfs for each. */
export class SnapshotCounts {
  readonly #client: ContainariumClient;
  readonly #signal: AbortSignal;
  readonly #counts = new Map<string, number>();

  /**
   * @param client Lists them
   * @param signal Aborts the listing
   */
  constructor(client: ContainariumClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /**
   * Counts those of a scope, one container after the other.
   *
   * @param usages Everything that counts now: a container that is about to change its team counts in both
   */
  async in(scope: QuotaScope, usages: readonly Usage[]): Promise<number> {
    const usernames = scope.kind === "user"
      ? [scope.name]
      : new Set(usages.filter((usage) => isWithin(usage, scope)).map(({ username }) => username));
    let count = 0;
    for (const username of usernames) count += await this.of(username);
    return count;
  }

  /** Counts those of a container. */
  async of(username: string): Promise<number> {
    const known = this.#counts.get(username);
    if (known !== undefined) return known;
    const count = await countOf(username, this.#client, this.#signal);
    this.#counts.set(username, count);
    return count;
  }
}

async function assertRoomForOne(
  scope: QuotaScope,
  usages: readonly Usage[],
  counts: SnapshotCounts,
): Promise<void> {
  const { kind, name, snapshots: limit } = scope;
  if (limit === undefined) return;
  const count = await counts.in(scope, usages);
  if (count < limit) return;
  throw quotaExceeded([`${kind} ${visible(name)}: snapshots ${count} of ${limit}, needs 1 more`]);
}

/**
 * Throws if a team has no room for the snapshots of a container that is to join it.
 *
 * @throws {ContainariumError} `resource_exhausted` with the count
 */
export async function assertRoomForSnapshots(
  { username, labels }: Pick<Demand, "username" | "labels">,
  usages: readonly Usage[],
  quotas: Quotas,
  { client, signal }: Pick<AdmissionContext, "client" | "signal">,
): Promise<void> {
  const others = usages.filter((usage) => usage.username !== username);
  const team = teamOf(labels, quotas);
  const counts = new SnapshotCounts(client, signal);
  for (const scope of scopesOf({ username, team }, quotas)) {
    const { kind, name, snapshots: limit } = scope;
    if (kind === "user" || limit === undefined) continue;
    const own = await counts.of(username);
    const count = own === 0 ? 0 : await counts.in(scope, others);
    if (own === 0 || count + own <= limit) continue;
    throw quotaExceeded([
      `team ${visible(name)}: snapshots ${count} of ${limit}, needs ${own} more`,
    ]);
  }
}

/** Counts a container's snapshots; 0 if it is on another host or being created, where none are visible. */
async function countOf(
  username: string,
  { snapshots }: ContainariumClient,
  signal: AbortSignal,
): Promise<number> {
  try {
    return (await snapshots.list(username, { signal })).length;
  } catch (error) {
    const isNone = error instanceof ContainariumError &&
      ["unsupported", "not_found", "conflict"].includes(error.code);
    if (isNone) return 0;
    throw error;
  }
}

async function settled(error: unknown): Promise<void> {
  const isLost = error instanceof ContainariumError &&
    (error.code === "ambiguous" || error.code === "cancelled");
  if (isLost) await delay(LOST_MS);
}
