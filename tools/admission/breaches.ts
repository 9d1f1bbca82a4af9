import { formatBytes } from "../text/format.ts";
import { visible } from "../text/visible.ts";
import { type LimitedResource, limitedResources } from "./amounts.ts";
import { isWithin, type QuotaScope } from "./scopes.ts";
import { sumsOf, type Usage } from "./sums.ts";

/**
 * Why a scope has no room for what is asked, in the sums: `team dev: cpu 14 of 16, needs 4 more`. What
 * does not grow is never a breach.
 *
 * @param before Everything that counts already
 * @param asked What is to come on top of it
 */
export function breachesOf(
  scope: QuotaScope,
  before: readonly Usage[],
  asked: readonly Usage[],
): readonly string[] {
  const now = sumsOf(scope, before);
  const then = sumsOf(scope, [...before, ...asked]);
  return limitedResources.flatMap((resource) => {
    const limit = scope.limits[resource];
    if (limit === undefined) return [];
    const own = asked.filter((usage) => isWithin(usage, scope));
    const breach = breachOf(resource, limit, now[resource], then[resource], own);
    return breach === undefined ? [] : [`${scope.kind} ${visible(scope.name)}: ${breach}`];
  });
}

function breachOf(
  resource: LimitedResource,
  limit: number,
  now: { readonly used: number; readonly unknown: readonly string[] },
  then: { readonly used: number; readonly unknown: readonly string[] },
  asked: readonly Usage[],
): string | undefined {
  const own = asked.find(({ username, amounts }) =>
    amounts[resource] === undefined && !now.unknown.includes(username)
  );
  if (own !== undefined) return uncountable(resource, own.username);
  if (then.used <= now.used) return undefined;
  const amountText = (amount: number) => tell(resource, amount);
  if (then.unknown.length > 0) {
    return `${resource} ${amountText(now.used)} of ${amountText(limit)}, needs ` +
      `${amountText(then.used - now.used)} more, and what ${
        then.unknown.map(visible).join(", ")
      } has of it ` +
      "is unknown: a container being created reports it once it exists, one with a share " +
      "(50%) has to be resized";
  }
  if (then.used <= limit) return undefined;
  return `${resource} ${amountText(now.used)} of ${amountText(limit)}, needs ${
    amountText(then.used - now.used)
  } more`;
}

/** Why a share (50%), or nothing, does not do where a quota holds. */
export function uncountable(resource: LimitedResource, username: string): string {
  return `${resource} of ${username} cannot be counted; pass an amount, such as ` +
    (resource === "cpu" ? "2" : "4GB");
}

/** An amount for people: `14`, `64.0 GB`. */
export function tell(resource: LimitedResource, amount: number): string {
  switch (resource) {
    case "containers":
      return String(amount);
    case "cpu":
      return String(amount / 1_000);
    case "memory":
    case "disk":
      return formatBytes(amount);
  }
}
