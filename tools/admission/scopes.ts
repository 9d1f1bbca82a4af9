import { own, parseSize } from "../../client/internal.ts";
import type { QuotaLimits, Quotas } from "../policy/mod.ts";
import { type LimitedResource, thousandths } from "./amounts.ts";

/** A user or a team, and what they may have. */
export interface QuotaScope {
  /** Whose. */
  readonly kind: "user" | "team";
  /** Which. */
  readonly name: string;
  /** The limits that there are: containers, thousandths of a CPU, bytes, bytes. */
  readonly limits: Readonly<Record<LimitedResource, number | undefined>>;
  /** How many snapshots; absent: any number. */
  readonly snapshots?: number | undefined;
}

/** The team of a container whose labels the daemon does not show yet: it may be any. */
export const anyTeam: unique symbol = Symbol("any team");

/** Whose a container is. */
export interface Owner {
  /** The user. */
  readonly username: string;
  /** The team; `undefined`: none. */
  readonly team: string | typeof anyTeam | undefined;
}

/** The team that labels say; a container without that label counts as the policy has it. */
export function teamOf(
  labels: Readonly<Record<string, string>>,
  quotas: Quotas,
): string | undefined {
  const team = own(labels, quotas.team_label);
  if (team !== undefined && team !== "") return team;
  return typeof quotas.without_team === "string" ? undefined : quotas.without_team.team;
}

/** What limits an owner. */
export function scopesOf({ username, team }: Owner, quotas: Quotas): readonly QuotaScope[] {
  return [
    ...scope("user", username, limitsOf(username, quotas.users)),
    ...(typeof team === "string" ? scope("team", team, limitsOf(team, quotas.teams)) : []),
  ];
}

/** Whether two are the same. */
export function isSameScope(one: QuotaScope, other: QuotaScope): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** Each scope once. */
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
