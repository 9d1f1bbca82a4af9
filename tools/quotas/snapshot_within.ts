import {
  type ContainariumClient,
  ContainariumError,
  type Container,
  delay,
} from "../../client/mod.ts";
import type { ToolContext } from "../tool.ts";
import { visible } from "../visible.ts";
import { exhausted, type QuotaGuard } from "./guard.ts";
import { type Scope, scopesOf, teamOf } from "./scopes.ts";

/** A snapshot whose answer was lost may still be taken for so long. */
const LOST_MS = 2_000;

/** The last snapshot that is being taken under each guard: two that each fit might not fit together. */
const turns = new WeakMap<QuotaGuard, Promise<unknown>>();

/**
 * Takes a snapshot, where the quotas have room for one more.
 *
 * @throws {ContainariumError} `resource_exhausted` with the count: `user bob: snapshots 3 of 3, asked 1`
 */
export async function snapshotWithin<T>(
  username: string,
  { client, policy, quotas: guard, signal }: ToolContext,
  take: () => Promise<T>,
): Promise<T> {
  const { quotas } = await policy();
  if (quotas === undefined) return await take();
  const team = (of: Container) => teamOf(of.labels, quotas);
  const turn = (turns.get(guard) ?? Promise.resolve()).then(async () => {
    const own = await client.containers.get(username, { signal });
    const limited = scopesOf({ username, team: team(own) }, quotas)
      .filter(({ snapshots }) => snapshots !== undefined);
    for (const scope of limited) await refuseFull(scope, client, team, signal);
    return await take();
  });
  turns.set(guard, turn.catch(settled));
  return await turn;
}

async function refuseFull(
  { kind, name, snapshots: limit = 0 }: Scope,
  client: ContainariumClient,
  team: (of: Container) => string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const usernames = kind === "user"
    ? [name]
    : (await client.containers.list({ signal })).filter((one) => team(one) === name)
      .map(({ username }) => username);
  let count = 0;
  // One after the other: each costs the host as many runs of zfs as there are snapshots.
  for (const username of usernames) count += await countOf(username, client, signal);
  if (count < limit) return;
  throw exhausted([`${kind} ${visible(name)}: snapshots ${count} of ${limit}, asked 1`]);
}

/** What is on another host, or is only being created, has none that this daemon tells. */
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
