import { z } from "zod";
import {
  ContainariumError,
  type Leftover,
  type LeftoverOwner,
  type LeftoverRemoval,
  type RemainingLeftover,
} from "../../client/mod.ts";
import { oneLine } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import type { ToolContext } from "../tool.ts";
import { leftoverName, leftoverNames, uncheckedKinds } from "./leftover_words.ts";

/** Argument of the tools that delete containers. */
export const keepLeftovers = z.boolean().default(false)
  .describe("Keep secrets, ports and collaborators for a new container of this name");

const remainingItem = z.strictObject({
  what: z.string().describe("What remains, e.g. secret API_KEY"),
  why: z.string().describe("Why"),
});

/** More of them are counted or grouped. */
const MAX_ITEMS = 50;

/** What became of leftovers, in the result of a deletion. */
export const leftoverFields = {
  "also_removed": z.array(z.string()).optional()
    .describe("What the daemon kept under the name beside the container; absent: nothing"),
  remaining: z.array(remainingItem).optional()
    .describe(
      "What it still keeps, so that a new container of this name gets it; absent: nothing known",
    ),
  unchecked: z.array(z.string()).optional()
    .describe("Kinds that may remain, as they could not be read; absent: none"),
};

/** What became of leftovers. */
export type LeftoverAnswer = z.infer<z.ZodObject<typeof leftoverFields>>;

/**
 * Removes what the user agreed to. A failure is part of the result, as the container is gone already.
 */
export async function removeLeftovers(
  owner: LeftoverOwner,
  agreed: readonly Leftover[],
  { client, signal }: Pick<ToolContext, "client" | "signal">,
): Promise<LeftoverRemoval> {
  try {
    return await client.leftovers.remove(owner, agreed, { signal });
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    return {
      removed: [],
      remaining: agreed.map((leftover) => ({ leftover, error })),
      unread: [],
    };
  }
}

/** Returns what became of leftovers as fields of a result. */
export function leftoverAnswer({ removed, remaining, unread }: LeftoverRemoval): LeftoverAnswer {
  return {
    "also_removed": unlessEmpty([
      ...removed.slice(0, MAX_ITEMS).map(leftoverName),
      ...(removed.length > MAX_ITEMS ? [`${removed.length - MAX_ITEMS} more`] : []),
    ]),
    remaining: unlessEmpty(
      [...Map.groupBy(remaining, whyRemaining)].flatMap(([why, those]) => {
        const leftovers = those.map(({ leftover }) => leftover);
        return those.length > MAX_ITEMS
          ? [{ what: leftoverNames(leftovers), why }]
          : leftovers.map((one) => ({ what: leftoverName(one), why }));
      }),
    ),
    unchecked: unlessEmpty([...uncheckedKinds(unread)]),
  };
}

function whyRemaining({ leftover, error }: RemainingLeftover): string {
  if (leftover.kind === "access_rules") return "the daemon cannot remove them";
  if (error.reason === "changed_since_agreed") {
    return "added or changed since the user was asked";
  }
  switch (error.code) {
    case "ambiguous":
      return "may be removed: the response was lost";
    case "permission_denied":
      return "the token may not remove it";
    default:
      return oneLine(error.message);
  }
}

/** Returns what became of leftovers as lines of text. */
export function renderLeftovers(
  { also_removed: removed = [], remaining = [], unchecked = [] }: LeftoverAnswer,
): readonly string[] {
  return [
    ...(removed.length > 0 ? [`Also removed: ${removed.join(", ")}.`] : []),
    ...remaining.map(({ what, why }) =>
      `Remains for a new container of this name: ${what} (${why}).`
    ),
    ...(unchecked.length > 0
      ? [`Could not be read, and may remain: ${unchecked.join(", ")}.`]
      : []),
  ];
}

/** Returns what became of leftovers in one sentence of a table. */
export function leftoverRemark(
  { removed, remaining, unread }: LeftoverRemoval,
): string | undefined {
  const unchecked = uncheckedKinds(unread);
  const parts = [
    removed.length > 0 ? `also removed: ${leftoverNames(removed)}` : undefined,
    ...[...Map.groupBy(remaining, whyRemaining)].map(([why, those]) =>
      `remains: ${leftoverNames(those.map(({ leftover }) => leftover))} (${why})`
    ),
    unchecked.length > 0 ? `could not be read, and may remain: ${unchecked.join(", ")}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** Returns what a question says about leftovers: what is removed with a container, and what cannot be. */
export function leftoverQuestion(leftovers: readonly Leftover[]): string {
  const lost = leftovers.filter(({ kind }) => kind !== "access_rules");
  const kept = leftovers.filter(({ kind }) => kind === "access_rules");
  const stay = kept.length === 0
    ? ""
    : ` For a new container of this name, ${
      leftoverNames(kept)
    } will remain: the daemon cannot remove them.`;
  return (lost.length === 0 ? "" : ` Also removed: ${leftoverNames(lost)}.`) + stay;
}
