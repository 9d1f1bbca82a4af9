import type { Amounts, LimitedResource } from "./amounts.ts";
import { anyTeam, isWithin, type Owner, type QuotaScope } from "./scopes.ts";

/** What one version of a container counts as: as it is listed, or as it is about to become. */
export interface Usage extends Owner {
  /** Whether the daemon lists it, or somebody here has asked for it. */
  readonly source: "listed" | "asked";
  /** How much. */
  readonly amounts: Amounts;
}

/** How much of one resource. */
export interface Sum {
  /** Of those that are known. */
  readonly used: number;
  /** Whose cannot. */
  readonly unknown: readonly string[];
}

/**
 * What a scope uses. Of a container that is about to change the larger version counts: nobody knows
 * which of the two it is at this moment. A user's containers on several hosts count together.
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
      amount: amountOf(usages, (usage) => share(usage, scope)[resource]),
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

const untold: Amounts = {
  containers: undefined,
  cpu: undefined,
  memory: undefined,
  disk: undefined,
};

/** What a scope has of it, where it is known to be the scope's at all. */
function share({ amounts, team }: Usage, { kind }: QuotaScope): Amounts {
  return kind === "team" && team === anyTeam ? untold : amounts;
}

function amountOf(
  usages: readonly Usage[],
  told: (usage: Usage) => number | undefined,
): number | undefined {
  const of = (source: Usage["source"]) =>
    usages.filter((usage) => usage.source === source).map(told);
  const [listed, asked] = [of("listed"), of("asked")];
  if (listed.length <= 1) return largestOf([...listed, ...asked]);
  const known = listed.filter((amount) => amount !== undefined);
  if (known.length < listed.length) return undefined;
  // Which of them is to change is unknown: at worst the smallest.
  const growth = Math.max(0, (largestOf(asked) ?? 0) - Math.min(...known));
  return known.reduce((total, amount) => total + amount, growth);
}

function largestOf(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
