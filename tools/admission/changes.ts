import type { Container, Limits } from "../../client/mod.ts";
import { present } from "../../client/internal.ts";
import type { Quotas } from "../policy/mod.ts";
import { visible } from "../text/visible.ts";
import { amountsOf } from "./amounts.ts";
import { uncountable } from "./breaches.ts";
import type { AdmissionContext } from "./guard.ts";
import { exhausted } from "./refusals.ts";
import { type Owner, scopesOf, teamOf } from "./scopes.ts";
import { refuseSnapshotsOf } from "./snapshot_quota.ts";

const limitNames = ["cpu", "memory", "disk"] as const;

/** Sets new limits, where the quotas have room for them. */
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
  refuseShares({ username, team: teamOf(labels, rules) }, limits, rules);
  const demand = { kind: "resize" as const, username, labels, ...limitsOf(now), ...limits };
  using reservation = await quotas.take(client, rules, [demand], { signal });
  return await reservation.run(username, resize);
}

/**
 * Sets new labels; where they say another team, only if that has room.
 *
 * @param labelsOf All the labels that the container will have
 * @param relabel Sets them, on the container as it is in the turn
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
    await refuseSnapshotsOf(demand, await turn.usages(), rules, { client, signal });
    return await reservation.run(username, () => relabel(now));
  });
}

/** The team that new labels take a container out of, should they. */
export function teamLeft(
  { labels }: Pick<Container, "labels">,
  after: Readonly<Record<string, string>>,
  rules: Quotas,
): string | undefined {
  const team = teamOf(labels, rules);
  return team === teamOf(after, rules) ? undefined : team;
}

/** Of a container that has a share already the sums do not show that it is to get another. */
function refuseShares(owner: Owner, limits: Limits, rules: Quotas): void {
  const amounts = amountsOf(limits);
  const shares = limitNames.filter((name) =>
    limits[name] !== undefined && amounts[name] === undefined
  );
  const breaches = scopesOf(owner, rules).flatMap((scope) =>
    shares.filter((name) => scope.limits[name] !== undefined).map((name) =>
      `${scope.kind} ${visible(scope.name)}: ${uncountable(name, owner.username)}`
    )
  );
  if (breaches.length > 0) throw exhausted(breaches);
}

function limitsOf({ cpu, memory, disk }: Limits): Limits {
  return present({ cpu, memory, disk });
}
