import type { Container } from "../../client/mod.ts";
import { own } from "../../client/internal.ts";
import { teamOf } from "../admission/scopes.ts";
import { graceSeconds, type Policy } from "../policy/mod.ts";

/**
 * Returns for how many seconds a container can be recovered after a delete; `undefined`: not at all. Teams
 * are those of the quotas.
 */
export function graceOf(
  { labels }: Pick<Container, "labels">,
  { deleteGrace, quotas }: Policy,
): number | undefined {
  if (deleteGrace === undefined) return undefined;
  if (typeof deleteGrace === "string") return graceSeconds(deleteGrace);
  const team = quotas === undefined ? own(labels, "team") : teamOf(labels, quotas);
  const { teams } = deleteGrace;
  return graceSeconds((team === undefined ? undefined : own(teams, team)) ?? teams["*"] ?? "none");
}
