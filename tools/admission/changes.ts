import type { Container, Limits } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import type { Quotas } from "../policy/mod.ts";
import { amountsOf } from "./amounts.ts";
import { uncountable } from "./breaches.ts";
import type { AdmissionContext } from "./guard.ts";
import { quotaExceeded } from "./refusals.ts";
import { type Owner, scopesOf, teamOf } from "./scopes.ts";
import { assertRoomForSnapshots } from "./snapshot_quota.ts";

const limitNames = ["cpu", "memory", "disk"] as const;

/** Sets new limits if the quotas have room for them. */
export async function resizeWithin<T>(
  username: string,
  limits: Limits,
  { client, policy, quotas, signal }: AdmissionContext,
  resize: () => Promise<T>,
): Promise<T> {
  const { quotas: rules } = await policy();
  if (rules === undefined) return await resize();
  const now = await client.containers.get(username, { signal });
  const { labels } = now;
  assertNoShares({ username, team: teamOf(labels, rules) }, limits, rules);
  const demand = { kind: "resize" as const, username, labels, ...limitsOf(now), ...limits };
  using reservation = await quotas.take(client, rules, [demand], { signal });
  return await reservation.run(username, resize);
}

/**
 * Sets new labels; if they name another team, only if that team has room.
 *
 * @param labelsOf Returns all labels that the container will have
 * @param relabel Sets them; gets the container as it is during the turn
 */
export async function relabelWithin<T>(
  username: string,
  labelsOf: (now: Container) => Readonly<Record<string, string>>,
  { client, policy, quotas, signal }: AdmissionContext,
  relabel: (now: Container) => Promise<T>,
): Promise<T> {
  const { quotas: rules } = await policy();
  const read = () => client.containers.get(username, { signal });
  if (rules === undefined) return await relabel(await read());
  return await quotas.inTurn(client, rules, { signal }, async (turn) => {
    const now = await read();
    const labels = labelsOf(now);
    if (teamOf(now.labels, rules) === teamOf(labels, rules)) return await relabel(now);
    const demand = { kind: "relabel" as const, username, labels, ...limitsOf(now) };
    using reservation = await turn.take([demand]);
    await assertRoomForSnapshots(demand, await turn.usages(), rules, { client, signal });
    return await reservation.run(username, () => relabel(now));
  });
}

/** Returns the team that a container would leave with new labels. */
export function teamLeft(
  { labels }: Pick<Container, "labels">,
  after: Readonly<Record<string, string>>,
  rules: Quotas,
): string | undefined {
  const team = teamOf(labels, rules);
  return team === teamOf(after, rules) ? undefined : team;
}

/** Throws for shares (50%): if the container has one already, the sums do not show the new one. */
function assertNoShares(owner: Owner, limits: Limits, rules: Quotas): void {
  const amounts = amountsOf(limits);
  const shares = limitNames.filter((name) =>
    limits[name] !== undefined && amounts[name] === undefined
  );
  const breaches = scopesOf(owner, rules).flatMap((scope) =>
    shares.filter((name) => scope.limits[name] !== undefined).map((name) =>
      `${scope.kind} ${visible(scope.name)}: ${uncountable(name, owner.username)}`
    )
  );
  if (breaches.length > 0) throw quotaExceeded(breaches);
}

function limitsOf({ cpu, memory, disk }: Limits): Limits {
  return { cpu, memory, disk };
}
