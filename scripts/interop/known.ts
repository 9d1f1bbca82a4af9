/** Tells what is known to fail from what is not. @module */
import type { Notes } from "./page.ts";
import type { Result } from "./results.ts";

/** Returns whether something fails by design, or a note explains it. */
export function isKnown({ client, feature, result, accepted }: Result, notes: Notes): boolean {
  return result === "fails" && (accepted === true || notes[client]?.[feature] !== undefined);
}

/** What is wrong with a run. */
export interface Judgment {
  /** Failures by design, and those that a note explains. */
  readonly known: readonly Result[];
  /** All others. */
  readonly unknown: readonly Result[];
  /** Notes on what does not fail (any more), as "client, feature". */
  readonly stale: readonly string[];
}

/**
 * Judges the results of a run.
 *
 * @param names Of all clients: a note on one that was not run says nothing yet
 */
export function judge(
  results: readonly Result[],
  notes: Notes,
  names: readonly string[],
): Judgment {
  const failures = results.filter(({ result }) => result === "fails");
  const run = new Set(results.map(({ client }) => client));
  const stale = Object.entries(notes).flatMap(([client, features]) =>
    Object.keys(features)
      .filter((feature) =>
        names.includes(client)
          ? run.has(client) &&
            !failures.some((failure) => failure.client === client && failure.feature === feature)
          : true
      )
      .map((feature) => `${client}, ${feature}`)
  );
  return {
    known: failures.filter((failure) => isKnown(failure, notes)),
    unknown: failures.filter((failure) => !isKnown(failure, notes)),
    stale,
  };
}
