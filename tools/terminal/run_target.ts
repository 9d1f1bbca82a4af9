/**
 * The containers to run a script in, limited to those that the user agreed to.
 *
 * @module
 */
import { type AgreedContainer, ContainariumError } from "../../client/mod.ts";
import { containerName, isSameContainer, notAgreed, refuseOther } from "../../client/internal.ts";
import { select, type Selected } from "../bulk/selection.ts";
import { failureRow } from "../bulk/work_item.ts";
import type { ToolContext } from "../tool.ts";

/** Where to run a script. */
export type Target =
  | {
    readonly kind: "one";
    readonly username: string;
    /** Set if the user was asked. */
    readonly agreed?: AgreedContainer;
  }
  | { readonly kind: "several"; readonly selected: readonly Selected[] };

/**
 * Returns where a call runs its script.
 *
 * @throws {ContainariumError} `invalid_argument` unless the arguments name one or several
 */
export async function targetOf(
  { username, usernames }: {
    readonly username?: string | undefined;
    readonly usernames?: readonly string[] | undefined;
  },
  context: ToolContext,
): Promise<Target> {
  if ((username === undefined) === (usernames === undefined)) {
    throw new ContainariumError("invalid_argument", "Pass either username or usernames");
  }
  return username === undefined
    ? { kind: "several", selected: await select({ usernames }, context) }
    : { kind: "one", username };
}

const WHAT = "Running it there";

/**
 * Returns the target that was agreed to, without containers that were re-created since.
 *
 * @throws {ContainariumError} `failed_precondition` if none is left
 */
export async function sameTarget(target: Target, { client, signal }: ToolContext): Promise<Target> {
  if (target.kind === "one") {
    const now = await client.containers.find(target.username, { signal });
    if (now !== undefined && target.agreed !== undefined) refuseOther(now, target.agreed, WHAT);
    return target;
  }
  const listed = await client.containers.list({ signal });
  const byName = new Map(listed.map((container) => [container.username, container]));
  const selected = target.selected.map((one): Selected => {
    if (one.kind !== "found") return one;
    const { username } = one.container;
    const now = byName.get(username);
    if (now === undefined || isSameContainer(now, one.container)) return one;
    const error = notAgreed(`${containerName(username)} has been recreated since the user agreed`);
    return { kind: "unreachable", row: failureRow(username, error) };
  });
  return { kind: "several", selected };
}

/** Returns the names of the containers that exist. */
export function found(selected: readonly Selected[]): readonly string[] {
  return selected.flatMap((one) =>
    one.kind === "found" ? [containerName(one.container.username)] : []
  );
}

/** Returns those names in one line. */
export function namesOf(selected: readonly Selected[]): string {
  return found(selected).join(", ") || "no container";
}
