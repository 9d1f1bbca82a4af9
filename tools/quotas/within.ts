import { type Container, type Limits, present } from "../../client/mod.ts";
import type { Quotas } from "../policy/mod.ts";
import type { ToolContext } from "../tool.ts";
import { visible } from "../visible.ts";
import { amountsOf } from "./amounts.ts";
import { uncountable } from "./breaches.ts";
import { exhausted } from "./refusals.ts";
import { type Owner, scopesOf, teamOf } from "./scopes.ts";
import { refuseSnapshotsOf } from "./snapshot_within.ts";

const limitNames = ["cpu", "memory", "disk"] as const;

/** Sets new limits, where the quotas have room for them. */
export async function resizeWithin<T>(
  username: string,
  limits: Limits,
  { client, policy, quotas, signal }: ToolContext,
  resize: () => Promise<T>,
): Promise<T> {
  const { quotas: rules } = await policy();
  if (rules === undefined) return await resize();
  const now = await client.containers.get(username, { signal });
  const { labels } = now;
  refuseShares({ username, team: teamOf(labels, rules) }, limits, rules);
  const demand = { kind: "resize" as const, username, labels, ...limitsOf(now), ...limits };
  using room = await quotas.take(client, [demand], { signal });
  return await room.hold(username, resize);
}

/** Sets new labels; where they say another team, only if that has room. */
export async function relabelWithin<T>(
  now: Container,
  labels: Readonly<Record<string, string>>,
  { client, policy, quotas, signal }: ToolContext,
  relabel: () => Promise<T>,
): Promise<T> {
  const { quotas: rules } = await policy();
  if (rules === undefined || teamOf(now.labels, rules) === teamOf(labels, rules)) {
    return await relabel();
  }
  const { username } = now;
  const demand = { kind: "relabel" as const, username, labels, ...limitsOf(now) };
  using room = await quotas.take(client, [demand], { signal });
  await refuseSnapshotsOf(now, labels, rules, { client, signal });
  return await room.hold(username, relabel);
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
