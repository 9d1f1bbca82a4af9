import { type Container, type Limits, present } from "../../client/mod.ts";
import type { Quotas } from "../policy/mod.ts";
import type { ToolContext } from "../tool.ts";
import { teamOf } from "./scopes.ts";

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

function limitsOf({ cpu, memory, disk }: Limits): Limits {
  return present({ cpu, memory, disk });
}
