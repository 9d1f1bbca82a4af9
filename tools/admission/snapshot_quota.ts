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
    for (const scope of scopes) await assertRoomForOne(scope, usages, client, signal);
    return await take();
  }, settled);
}

/**
 * Counts the snapshots of a scope.
 *
 * @param usages Everything that counts now: a container that is about to change its team counts in both
 */
export async function snapshotsIn(
  scope: QuotaScope,
  usages: readonly Usage[],
  client: ContainariumClient,
  signal: AbortSignal,
): Promise<number> {
  const usernames = scope.kind === "user"
    ? [scope.name]
    : new Set(usages.filter((usage) => isWithin(usage, scope)).map(({ username }) => username));
  let count = 0;
  // Sequentially: each listing costs the host one run of zfs per snapshot.
  for (const username of usernames) count += await countOf(username, client, signal);
  return count;
}

async function assertRoomForOne(
  scope: QuotaScope,
  usages: readonly Usage[],
  client: ContainariumClient,
  signal: AbortSignal,
): Promise<void> {
  const { kind, name, snapshots: limit } = scope;
  if (limit === undefined) return;
  const count = await snapshotsIn(scope, usages, client, signal);
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
  for (const scope of scopesOf({ username, team }, quotas)) {
    const { kind, name, snapshots: limit } = scope;
    if (kind === "user" || limit === undefined) continue;
    const own = await countOf(username, client, signal);
    const count = own === 0 ? 0 : await snapshotsIn(scope, others, client, signal);
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
