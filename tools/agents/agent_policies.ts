/**
 * Network policies that a run of agents replaces: it sets one that only logs, whatever was there.
 *
 * @module
 */
import { ContainariumError, type NetworkPolicy } from "../../client/mod.ts";
import { agentContainer, agentUsername, notAgreed } from "../../client/internal.ts";
import { formatNames } from "../text/format.ts";
import type { ConsentRequest, ToolContext } from "../tool.ts";

/** What the user agreed to lose. */
export interface AgreedPolicies {
  /** Policies that stop something. */
  readonly policies: readonly NetworkPolicy[];
}

type Reach = Pick<ToolContext, "client" | "signal">;

/** Asks before policies are replaced that stop something. */
export async function policyQuestion(
  ids: readonly string[],
  reach: Reach,
): Promise<ConsentRequest<AgreedPolicies>> {
  const policies = await stoppingPolicies(ids, reach);
  const agreed = { policies };
  if (policies.length === 0) return { agreed };
  const lost = ids.filter((id) => policies.some(({ tenant }) => tenant === agentUsername(id)))
    .map(agentContainer);
  const [them, whose] = lost.length === 1
    ? ["a network policy that stops traffic", "it"]
    : ["network policies that stop traffic", "them"];
  return {
    question: {
      message: `Run this although ${formatNames(lost)} ${
        lost.length === 1 ? "has" : "have"
      } ${them}? The daemon replaces ${whose} by one that only logs.`,
      confirm: `Replace ${lost.length === 1 ? "that policy" : "those policies"}`,
    },
    agreed,
  };
}

/**
 * Refuses a run that would replace another policy than agreed.
 *
 * @throws {ContainariumError} `changed_since_agreed`
 */
export async function refuseOtherPolicies(
  ids: readonly string[],
  agreed: AgreedPolicies | undefined,
  reach: Reach,
): Promise<void> {
  const known = (agreed?.policies ?? []).map((policy) => JSON.stringify(policy));
  const others = (await stoppingPolicies(ids, reach))
    .filter((policy) => !known.includes(JSON.stringify(policy)));
  if (others.length === 0) return;
  throw notAgreed(
    "The run was not agreed to: the network policy of a container that it uses stops traffic now, and " +
      "it would be replaced by one that only logs",
  );
}

/** Who may not read policies is not asked about them. */
async function stoppingPolicies(
  ids: readonly string[],
  { client, signal }: Reach,
): Promise<readonly NetworkPolicy[]> {
  const tenants = new Set(ids.map(agentUsername));
  try {
    const policies = await client.networkPolicies.list({ signal });
    return policies.filter(({ tenant, isEnforced, denyRules }) =>
      tenants.has(tenant) && (isEnforced || denyRules.length > 0)
    );
  } catch (error) {
    const isHidden = error instanceof ContainariumError &&
      ["permission_denied", "unsupported", "not_found", "failed_precondition"].includes(error.code);
    if (isHidden) return [];
    throw error;
  }
}
