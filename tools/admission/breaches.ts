import { visible } from "../../client/internal.ts";
import { formatUnits, inUnits, type LimitedResource, limitedResources } from "./amounts.ts";
import { isWithin, type QuotaScope } from "./scopes.ts";
import { type Sum, sumsOf, type Usage } from "./sums.ts";

/**
 * Returns why a scope has no room for what is asked, with the sums: `team dev: cpu 14 of 16, needs 4
 * more`. A resource that does not grow is never a breach.
 *
 * @param before Everything that counts already
 * @param asked What is to be added
 * @param isRelabel Whether only labels change, so that the call can pass no amount
 */
export function breachesOf(
  scope: QuotaScope,
  before: readonly Usage[],
  asked: readonly Usage[],
  isRelabel = false,
): readonly string[] {
  const now = sumsOf(scope, before);
  const then = sumsOf(scope, [...before, ...asked]);
  return limitedResources.flatMap((resource) => {
    const limit = scope.limits[resource];
    if (limit === undefined) return [];
    const own = asked.filter((usage) => isWithin(usage, scope));
    const breach = breachOf(resource, limit, now[resource], then[resource], own, isRelabel);
    return breach === undefined ? [] : [`${scope.kind} ${visible(scope.name)}: ${breach}`];
  });
}

function breachOf(
  resource: LimitedResource,
  limit: number,
  now: Sum,
  then: Sum,
  asked: readonly Usage[],
  isRelabel: boolean,
): string | undefined {
  const own = asked.find(({ username, amounts }) =>
    amounts[resource] === undefined && !now.unknown.includes(username)
  );
  if (own !== undefined) return uncountable(resource, own.username, isRelabel);
  if (then.used <= now.used) return undefined;
  const text = (amount: number) => formatUnits(resource, inUnits(resource, amount));
  const sum = `${resource} ${text(now.used)} of ${text(limit)}, needs ` +
    `${text(then.used - now.used)} more`;
  if (then.unknown.length > 0) {
    return `${sum}, and the amount of ${then.unknown.map(visible).join(", ")} is unknown: a ` +
      "container being created reports it once it exists, one with a share (50%) has to be resized";
  }
  return then.used <= limit ? undefined : sum;
}

/** Returns why a share (50%), or no limit, is not accepted where a quota applies. */
export function uncountable(
  resource: LimitedResource,
  username: string,
  isRelabel = false,
): string {
  const amount = resource === "cpu" ? "2" : "4GB";
  const advice = isRelabel
    ? `set one with resize_container first, such as ${amount}, or delete what failed to be created`
    : `pass an amount, such as ${amount}`;
  return `${resource} of ${username} cannot be counted; ${advice}`;
}
