import type { Amounts, Resource } from "./amounts.ts";
import { anyTeam, isWithin, type Owner, type Scope } from "./scopes.ts";

/** What one version of a container counts as: as it is listed, or as it is about to become. */
export interface Claim extends Owner {
  /** How much. */
  readonly amounts: Amounts;
}

/** How much of one resource. */
export interface Sum {
  /** Of those that can be told. */
  readonly used: number;
  /** Whose cannot. */
  readonly unknown: readonly string[];
}

/**
 * What a scope uses. Of a container that is about to change the larger version counts: nobody knows
 * which of the two it is at this moment.
 */
export function sumsOf(scope: Scope, claims: readonly Claim[]): Readonly<Record<Resource, Sum>> {
  const versions = Map.groupBy(
    claims.filter((claim) => isWithin(claim, scope)),
    ({ username }) => username,
  );
  const sum = (resource: Resource): Sum => {
    const largest = [...versions].map(([username, claims]) => ({
      username,
      amount: largestOf(claims.map((claim) => share(claim, scope)[resource])),
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
function share({ amounts, team }: Claim, { kind }: Scope): Amounts {
  return kind === "team" && team === anyTeam ? untold : amounts;
}

function largestOf(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
