/**
 * The containers that a script is to run in, held to those that were agreed to.
 *
 * @module
 */
import { type AgreedContainer, ContainariumError } from "../../client/mod.ts";
import { containerName, isSameContainer, notAgreed, refuseOther } from "../../client/internal.ts";
import { select, type Selected } from "../bulk/selection.ts";
import { failureRow } from "../bulk/work_item.ts";
import type { ToolContext } from "../tool.ts";

/** Where a script is to run. */
export type Target =
  | {
    readonly kind: "one";
    readonly username: string;
    /** Set where the user was asked. */
    readonly agreed?: AgreedContainer;
  }
  | { readonly kind: "several"; readonly selected: readonly Selected[] };

/**
 * Where a call is to run its script.
 *
 * @throws {ContainariumError} `invalid_argument` unless it says either
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
 * The target that was agreed to, without the containers that were created anew since.
 *
 * @throws {ContainariumError} `failed_precondition` when it is the only one
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

/** The names of the containers that are there. */
export function found(selected: readonly Selected[]): readonly string[] {
  return selected.flatMap((one) =>
    one.kind === "found" ? [containerName(one.container.username)] : []
  );
}

/** The same in one line. */
export function namesOf(selected: readonly Selected[]): string {
  return found(selected).join(", ") || "no container";
}
