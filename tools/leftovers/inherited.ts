import type { Leftover, LeftoverKind, LeftoverList, LeftoverOwner } from "../../client/mod.ts";
import { leftoverKinds } from "../../client/internal.ts";
import type { ToolContext } from "../tool.ts";
import { leftoverNames } from "./leftover_words.ts";
import { readOr } from "../read_or.ts";

/** Maximum number of warnings; further names are only counted. */
const MAX_WARNINGS = 10;

type Reach = Pick<ToolContext, "client" | "signal" | "log">;

/** Kinds that show only once there is a container: some lead to its address. */
const shownLater: readonly LeftoverKind[] = ["port", "access_rules"];
/** A domain ends with the container that it names, so that a new one inherits none. */
const inherited = leftoverKinds.filter((kind) => kind !== "domain");
const shownBefore = inherited.filter((kind) => !shownLater.includes(kind));

/**
 * Returns what the daemon keeps under a name that has no container yet. Creating does not fail because of it,
 * so neither does this, except when the call is given up.
 *
 * @throws {ContainariumError} `cancelled`
 */
export async function keptBefore(username: string, reach: Reach): Promise<readonly Leftover[]> {
  return await keptBy({ username }, shownBefore, reach);
}

/** Returns the warning about what a container inherits, with what shows only now; none if it inherits nothing. */
export async function inheritanceWarning(
  container: LeftoverOwner,
  before: readonly Leftover[],
  reach: Reach,
): Promise<readonly string[]> {
  const after = await keptBy(container, shownLater, reach);
  return warningAbout([...before, ...after]);
}

/** Returns the warnings about what several names have already: one for each name, without access rules. */
export async function inheritanceWarnings(
  usernames: readonly string[],
  { client, signal, log }: Reach,
): Promise<readonly string[]> {
  const kinds = inherited.filter((kind) => kind !== "access_rules");
  const owners = usernames.map((username) => ({ username }));
  const none: ReadonlyMap<string, LeftoverList> = new Map();
  const lists = await tolerant(
    log,
    none,
    () => client.leftovers.listAll(owners, { signal, kinds }),
  );
  const warnings = [...lists].flatMap(([username, { leftovers }]) =>
    warningAbout(leftovers).map((warning) => `${username}: ${warning}`)
  );
  const more = warnings.length - MAX_WARNINGS;
  const rest = more > 0 ? [`The daemon kept something under ${more} more of these names.`] : [];
  return [...warnings.slice(0, MAX_WARNINGS), ...rest];
}

async function keptBy(
  owner: { readonly username: string; readonly ipAddress?: string | undefined },
  kinds: readonly LeftoverKind[],
  { client, signal, log }: Reach,
): Promise<readonly Leftover[]> {
  return await tolerant(log, [], async () => {
    const { leftovers } = await client.leftovers.list(owner, { signal, kinds });
    return leftovers;
  });
}

function warningAbout(leftovers: readonly Leftover[]): readonly string[] {
  if (leftovers.length === 0) return [];
  return [
    `The daemon already kept under this name: ${leftoverNames(leftovers)}. The new container has ` +
    "it now. If it is an earlier owner's, call delete_container, which removes it too, and create the " +
    "container again.",
  ];
}

async function tolerant<T>(
  log: ToolContext["log"],
  otherwise: T,
  read: () => Promise<T>,
): Promise<T> {
  return await readOr(read, ({ message }) => {
    log("debug", `leftovers could not be read: ${message}`);
    return otherwise;
  });
}
