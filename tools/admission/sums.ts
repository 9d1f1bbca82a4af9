import type { Amounts, LimitedResource } from "./amounts.ts";
import { anyTeam, isWithin, type Owner, type QuotaScope } from "./scopes.ts";

/** What one version of a container counts as: the listed one, or one that was requested. */
export interface Usage extends Owner {
  /** Whether the daemon lists it, or a call of this process requested it. */
  readonly source: "listed" | "asked";
  /** Amount of each resource. */
  readonly amounts: Amounts;
}

/** Sum of one resource. */
export interface Sum {
  /** Sum of the known amounts. */
  readonly used: number;
  /** Usernames whose amount is unknown. */
  readonly unknown: readonly string[];
}

/**
 * Sums up what a scope uses. If a container is about to change, its larger version counts, since it may
 * be either at this moment. A user's containers on several hosts count together.
 */
export function sumsOf(
  scope: QuotaScope,
  usages: readonly Usage[],
): Readonly<Record<LimitedResource, Sum>> {
  const versions = Map.groupBy(
    usages.filter((usage) => isWithin(usage, scope)),
    ({ username }) => username,
  );
  const sum = (resource: LimitedResource): Sum => {
    const largest = [...versions].map(([username, usages]) => ({
      username,
      amount: amountOf(usages, (usage) => amountsIn(usage, scope)[resource]),
    }));
    return {
      used: largest.reduce((total, { amount }) => total + (amount ?? 0), 0),
      unknown: largest.filter(({ amount }) => amount === undefined).map((one) => one.username),
    };
  };
  return {
    containers: sum("containers"),
    cpu: sum("cpu"),
    memory: sum("memory"),
    disk: sum("disk"),
  };
}

const unknownAmounts: Amounts = {
  containers: undefined,
  cpu: undefined,
  memory: undefined,
  disk: undefined,
};

/** Returns the amounts of a usage, unknown if it may belong to another team. */
function amountsIn({ amounts, team }: Usage, { kind }: QuotaScope): Amounts {
  return kind === "team" && team === anyTeam ? unknownAmounts : amounts;
}

function amountOf(
  usages: readonly Usage[],
  read: (usage: Usage) => number | undefined,
): number | undefined {
  const of = (source: Usage["source"]) =>
    usages.filter((usage) => usage.source === source).map(read);
  const [listed, asked] = [of("listed"), of("asked")];
  if (listed.length <= 1) return largestOf([...listed, ...asked]);
  const known = listed.filter((amount) => amount !== undefined);
  if (known.length < listed.length) return undefined;
  // Which of several containers will change is unknown: at worst the smallest.
  const growth = Math.max(0, (largestOf(asked) ?? 0) - Math.min(...known));
  return known.reduce((total, amount) => total + amount, growth);
}

function largestOf(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
