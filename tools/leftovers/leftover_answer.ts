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

/** Maximum number of items that are named; further ones are counted or grouped. */
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

/** What became of leftovers, and why some remain. */
export interface LeftoverOutcome extends Pick<LeftoverRemoval, "removed" | "unread"> {
  /** What is still there, and why. */
  readonly remaining: readonly { readonly leftover: Leftover; readonly why: string }[];
}

/** What a call for leftovers needs. */
type Reach = Pick<ToolContext, "client" | "signal">;

/**
 * Removes what the user agreed to. A failure is part of the result, as the container is gone already.
 */
export async function removeLeftovers(
  owner: LeftoverOwner,
  agreed: readonly Leftover[],
  { client, signal }: Reach,
): Promise<LeftoverOutcome> {
  const removal = await tolerant(agreed, () => client.leftovers.remove(owner, agreed, { signal }));
  return outcomeOf(removal);
}

/** Leaves what outlives the container, and returns that with the domains, which do not. */
export async function leaveLeftovers(
  owner: LeftoverOwner,
  agreed: readonly Leftover[],
  { client, signal }: Reach,
): Promise<LeftoverOutcome> {
  const ended = agreed.filter(endsWithContainer);
  const stays = agreed.filter((one) => !endsWithContainer(one))
    .map((leftover) => ({ leftover, why: "keep_leftovers was true" }));
  if (ended.length === 0) return { removed: [], remaining: stays, unread: [] };
  const removal = await tolerant(
    ended,
    () => client.leftovers.remove(owner, ended, { signal, kinds: ["domain"] }),
  );
  const { removed, remaining, unread } = outcomeOf(removal);
  const failed = remaining.filter(({ leftover }) => endsWithContainer(leftover));
  return { removed, remaining: [...failed, ...stays], unread };
}

/** Returns whether the daemon removes it with the container. */
export function endsWithContainer(leftover: Leftover): boolean {
  return leftover.kind === "domain" && leftover.route.containerName !== undefined;
}

async function tolerant(
  agreed: readonly Leftover[],
  remove: () => Promise<LeftoverRemoval>,
): Promise<LeftoverRemoval> {
  try {
    return await remove();
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    const remaining = agreed.map((leftover) => ({ leftover, error }));
    return { removed: [], remaining, unread: [] };
  }
}

function outcomeOf({ removed, remaining, unread }: LeftoverRemoval): LeftoverOutcome {
  return {
    removed,
    remaining: remaining.map((one) => ({ leftover: one.leftover, why: whyRemaining(one) })),
    unread,
  };
}

/** Returns what became of leftovers as fields of a result. */
export function leftoverAnswer({ removed, remaining, unread }: LeftoverOutcome): LeftoverAnswer {
  return {
    "also_removed": unlessEmpty([
      ...removed.slice(0, MAX_ITEMS).map(leftoverName),
      ...(removed.length > MAX_ITEMS ? [`${removed.length - MAX_ITEMS} more`] : []),
    ]),
    remaining: unlessEmpty(
      [...Map.groupBy(remaining, ({ why }) => why)].flatMap(([why, those]) => {
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
    ...[...Map.groupBy(remaining, ({ why }) => why)].map(([why, those]) =>
      `Remains for a new container of this name: ${
        those.map(({ what }) => what).join(", ")
      } (${why}).`
    ),
    ...(unchecked.length > 0
      ? [`Could not be read, and may remain: ${unchecked.join(", ")}.`]
      : []),
  ];
}

/** Returns what became of leftovers in one sentence of a table. */
export function leftoverRemark(
  { removed, remaining, unread }: LeftoverOutcome,
): string | undefined {
  const unchecked = uncheckedKinds(unread);
  const parts = [
    removed.length > 0 ? `also removed: ${leftoverNames(removed)}` : undefined,
    ...[...Map.groupBy(remaining, ({ why }) => why)].map(([why, those]) =>
      `remains: ${leftoverNames(those.map(({ leftover }) => leftover))} (${why})`
    ),
    unchecked.length > 0 ? `could not be read, and may remain: ${unchecked.join(", ")}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("; ");
}
