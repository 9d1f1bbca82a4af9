import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { Leftover, LeftoverOwner } from "./leftover.ts";
import type { LeftoverPlaces } from "./leftover_reads.ts";

/**
 * Removes one leftover, unless it is another by now.
 *
 * @throws {ContainariumError} `failed_precondition` if it is; `unsupported` for access rules
 */
export async function removeLeftover(
  { routes, secrets, collaborators, networkPolicies }: LeftoverPlaces,
  { username }: LeftoverOwner,
  leftover: Leftover,
  call: CallOptions,
): Promise<void> {
  switch (leftover.kind) {
    case "domain":
    case "port": {
      const { route } = leftover;
      await routes.remove(route, { ...call, agreed: { route } });
      return;
    }
    case "secret": {
      const { secret } = leftover;
      await secrets.delete(username, secret.name, { ...call, agreed: { secret } });
      return;
    }
    case "collaborator": {
      const { collaborator: agreed } = leftover;
      await collaborators.remove(username, agreed.name, { ...call, agreed });
      return;
    }
    case "network_policy":
      await networkPolicies.remove(username, { ...call, agreed: leftover.policy });
      return;
    case "access_rules":
      throw cannotRemoveRules();
  }
}

/** Returns the error for access rules, which stay for good. */
export function cannotRemoveRules(): ContainariumError {
  return new ContainariumError("unsupported", "The daemon has no way to remove access rules");
}
