import { ContainariumError } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import type { Quotas } from "../policy/mod.ts";
import { formatNames } from "../text/format.ts";
import type { Demand } from "./demand.ts";
import { teamOf } from "./scopes.ts";

/**
 * Throws if the policy requires a team and a demand has none.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function assertTeams(demands: readonly Demand[], quotas: Quotas): void {
  if (quotas.teams === undefined || quotas.without_team !== "refuse") return;
  const without = demands.filter(({ kind, labels }) =>
    kind !== "resize" && teamOf(labels, quotas) === undefined
  );
  if (without.length === 0) return;
  throw new ContainariumError(
    "invalid_argument",
    `Teams have quotas, and ${without.map(({ username }) => username).join(", ")} would ` +
      "belong to none. Nothing was sent; ask the user which team it is for and set the label " +
      `${quotas.team_label}: ${namesOf(quotas.teams)}`,
    { reason: "team_required" },
  );
}

function namesOf(teams: NonNullable<Quotas["teams"]>): string {
  const named = Object.keys(teams).filter((team) => team !== "*").map(visible);
  return [...named, ...("*" in teams ? ["another"] : [])].join(", or ");
}

/**
 * Returns the error for what does not fit, with the sums.
 *
 * @param deleted Usernames of containers that were deleted, and can be recovered: they count until they are gone
 */
export function quotaExceeded(
  breaches: readonly string[],
  deleted: readonly string[] = [],
): ContainariumError {
  const counted = deleted.length === 0
    ? ""
    : `. What is deleted and can be recovered counts until it is gone: ${
      formatNames(deleted.map(visible))
    }`;
  return new ContainariumError(
    "resource_exhausted",
    `The quota does not allow it: ${breaches.join("; ")}${counted}. Nothing was sent`,
    { reason: "quota_exceeded" },
  );
}
