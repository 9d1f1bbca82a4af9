import { own, parseSize } from "../../client/internal.ts";
import type { QuotaLimits, Quotas } from "../policy/mod.ts";
import { type LimitedResource, thousandths } from "./amounts.ts";

/** A user or a team, and their limits. */
export interface QuotaScope {
  /** Kind of owner. */
  readonly kind: "user" | "team";
  /** Username, or value of the team's label. */
  readonly name: string;
  /** Limits: containers, thousandths of a CPU, bytes, bytes; `undefined`: no limit. */
  readonly limits: Readonly<Record<LimitedResource, number | undefined>>;
  /** Maximum number of snapshots; absent: no limit. */
  readonly snapshots?: number | undefined;
}

/** Team of a container whose labels the daemon does not list yet: it may be any team. */
export const anyTeam: unique symbol = Symbol("any team");

/** User and team that a container belongs to. */
export interface Owner {
  /** Username. */
  readonly username: string;
  /** Team; `undefined`: none. */
  readonly team: string | typeof anyTeam | undefined;
}

/** Returns the team that the labels name; the policy decides for a container without that label. */
export function teamOf(
  labels: Readonly<Record<string, string>>,
  quotas: Quotas,
): string | undefined {
  const team = own(labels, quotas.team_label);
  if (team !== undefined && team !== "") return team;
  return typeof quotas.without_team === "string" ? undefined : quotas.without_team.team;
}

/** Returns the scopes that limit an owner. */
export function scopesOf({ username, team }: Owner, quotas: Quotas): readonly QuotaScope[] {
  return [
    ...scope("user", username, limitsOf(username, quotas.users)),
    ...(typeof team === "string" ? scope("team", team, limitsOf(team, quotas.teams)) : []),
  ];
}

/** Whether two scopes are of the same user or team. */
export function isSameScope(one: QuotaScope, other: QuotaScope): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** Returns each scope once. */
export function distinct(scopes: readonly QuotaScope[]): readonly QuotaScope[] {
  return scopes.filter((scope, at) =>
    scopes.findIndex((other) => isSameScope(scope, other)) === at
  );
}

/** Whether an owner is within a scope. */
export function isWithin(owner: Owner, { kind, name }: QuotaScope): boolean {
  return kind === "user" ? owner.username === name : owner.team === name || owner.team === anyTeam;
}

function limitsOf(
  name: string,
  all: Readonly<Record<string, QuotaLimits>> | undefined,
): QuotaLimits | undefined {
  if (all === undefined) return undefined;
  return own(all, name) ?? all["*"];
}

function scope(
  kind: QuotaScope["kind"],
  name: string,
  limits: QuotaLimits | undefined,
): readonly QuotaScope[] {
  if (limits === undefined) return [];
  const { containers, cpu, memory, disk, snapshots } = limits;
  return [{
    kind,
    name,
    limits: {
      containers,
      cpu: cpu === undefined ? undefined : Math.floor(thousandths(cpu)),
      memory: memory === undefined ? undefined : parseSize(memory) ?? 0,
      disk: disk === undefined ? undefined : parseSize(disk) ?? 0,
    },
    snapshots,
  }];
}
