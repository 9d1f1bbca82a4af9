import type { Policy } from "./policy.ts";

/** Part of the policy without which a tool, or an argument, has nothing to do. */
export type PolicyPart = "delete_grace";

/** What is listed only where the policy has a part. It can be called anyway. */
export interface ListedWith {
  /** The part. */
  readonly part: PolicyPart;
  /** Arguments that are left out without it; absent: the whole tool is. */
  readonly arguments?: readonly string[] | undefined;
}

/** Returns the parts that a policy has. */
export function partsOf({ deleteGrace }: Policy): readonly PolicyPart[] {
  return deleteGrace === undefined || deleteGrace === "none" ? [] : ["delete_grace"];
}
