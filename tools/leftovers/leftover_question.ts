/** What a question before a deletion says about what the daemon keeps beside a container. @module */

import type { Leftover, LeftoverList } from "../../client/mod.ts";
import { endsWithContainer } from "./leftover_answer.ts";
import { leftoverNames } from "./leftover_words.ts";

/** Maximum number of containers that are named; further ones are only counted. */
const MAX_CONTAINERS = 10;

/** Returns what is removed with a container: everything that can be, or what the daemon removes by itself. */
export function lostOf(leftovers: readonly Leftover[], isKept: boolean): readonly Leftover[] {
  return leftovers.filter((one) => isKept ? endsWithContainer(one) : one.kind !== "access_rules");
}

/** Returns what a question says about one container: what is removed with it, and what remains. */
export function leftoverQuestion({ leftovers, unread }: LeftoverList, isKept: boolean): string {
  const lost = lostOf(leftovers, isKept);
  const stays = leftovers.filter((one) => !lost.includes(one));
  const parts = [
    lost.length === 0 ? "" : ` Also removed: ${leftoverNames(lost)}.`,
    unreadDomains([{ leftovers, unread }], "it"),
    stays.length === 0
      ? ""
      : ` For a new container of this name will remain: ${leftoverNames(stays)}${
        isKept ? "" : ", which the daemon cannot remove"
      }.`,
  ];
  return parts.join("");
}

/** Returns what a question says about several containers, by username. */
export function leftoversQuestion(
  kept: ReadonlyMap<string, LeftoverList>,
  isKept: boolean,
): string {
  const [only] = kept.values();
  if (kept.size === 1 && only !== undefined) return leftoverQuestion(only, isKept);
  const lost = byContainer(kept, (leftovers) => lostOf(leftovers, isKept));
  const stays = byContainer(
    kept,
    (leftovers) => leftovers.filter((one) => !lostOf(leftovers, isKept).includes(one)),
  );
  return [
    lost === undefined ? "" : ` Also removed: ${lost}.`,
    unreadDomains([...kept.values()], "them"),
    stays === undefined
      ? ""
      : ` For new containers of these names will remain: ${stays}${
        isKept ? "" : ", which the daemon cannot remove"
      }.`,
  ].join("");
}

/** Domains end with their container whether the token may list them or not. */
function unreadDomains(lists: readonly LeftoverList[], them: "it" | "them"): string {
  const unread = lists.flatMap((list) => list.unread)
    .find(({ kind, isAbsent }) => kind === "domain" && !isAbsent);
  if (unread === undefined) return "";
  const why = unread.error.code === "permission_denied"
    ? "the token may not list them"
    : "they could not be read";
  return ` Domains that lead to ${them}, if any, are removed, too: ${why}.`;
}

function byContainer(
  kept: ReadonlyMap<string, LeftoverList>,
  pick: (leftovers: readonly Leftover[]) => readonly Leftover[],
): string | undefined {
  const some = [...kept].map(([username, { leftovers }]) => ({ username, those: pick(leftovers) }))
    .filter(({ those }) => those.length > 0);
  if (some.length === 0) return undefined;
  const more = some.length - MAX_CONTAINERS;
  const shown = some.slice(0, MAX_CONTAINERS)
    .map(({ username, those }) => `${username}: ${leftoverNames(those)}`).join("; ");
  return more > 0 ? `${shown}; and what is kept for ${more} more` : shown;
}
