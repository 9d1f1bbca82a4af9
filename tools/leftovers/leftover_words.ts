import type { Leftover, LeftoverKind, UnreadLeftovers } from "../../client/mod.ts";
import { quoted } from "../text/quoted.ts";

/** Maximum number of names of one kind; further ones are only counted. */
const MAX_NAMES = 5;
const MAX_NAME_CHARS = 64;

/** How a kind is called: one, and several. */
const nouns: Readonly<Record<LeftoverKind, readonly [string, string]>> = {
  domain: ["domain", "domains"],
  secret: ["secret", "secrets"],
  collaborator: ["collaborator", "collaborators"],
  port: ["port of the host", "ports of the host"],
  "network_policy": ["network policy", "network policies"],
  "access_rules": ["access rules", "access rules"],
};

/** Returns a kind in the plural. */
export function kindName(kind: LeftoverKind): string {
  return nouns[kind][1];
}

/** Returns one leftover in words: `secret API_KEY`, `port of the host tcp 5432`. */
export function leftoverName(leftover: Leftover): string {
  return sentenceOf(leftover.kind, [leftover]);
}

/**
 * Returns leftovers in words, with the names of the first ones of each kind:
 * `2 secrets (API_KEY, DB_URL), collaborator amy`.
 */
export function leftoverNames(leftovers: readonly Leftover[]): string {
  return [...Map.groupBy(leftovers, ({ kind }) => kind)]
    .map(([kind, those]) => sentenceOf(kind, those)).join(", ");
}

function sentenceOf(kind: LeftoverKind, those: readonly Leftover[]): string {
  const [one, several] = nouns[kind];
  const names = those.map(nameIn).filter((name) => name !== undefined);
  if (those.length === 1) return [one, ...names].join(" ");
  const more = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).join(", ");
  return `${those.length} ${several} (${shown}${more > 0 ? ` and ${more} more` : ""})`;
}

function nameIn(leftover: Leftover): string | undefined {
  switch (leftover.kind) {
    case "secret":
      return safe(leftover.secret.name);
    case "collaborator":
      return safe(leftover.collaborator.name);
    case "domain":
      return safe(leftover.route.domain);
    case "port":
      return `${leftover.route.protocol} ${leftover.route.externalPort}`;
    case "network_policy":
      return undefined;
    case "access_rules":
      return leftover.preset;
  }
}

/** Names come from the daemon: one that it should not accept is quoted. */
function safe(name: string): string {
  return /^[\w.-]{1,64}$/.test(name) ? name : quoted(name, MAX_NAME_CHARS);
}

/** Returns the kinds that could not be read, without those that the daemon does not have. */
export function uncheckedKinds(unread: readonly UnreadLeftovers[]): readonly string[] {
  return unread.filter(({ isAbsent }) => !isAbsent)
    .map(({ kind }) => kindName(kind));
}
