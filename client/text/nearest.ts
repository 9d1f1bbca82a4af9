import { closest, distance } from "fastest-levenshtein";

/** No known name is longer. */
const LONGEST = 64;
/** Further apart than this, two names are no slip of the fingers. */
const MAX_EDITS = 2;

/**
 * The name among `candidates` that was most likely meant: at most two edits away, and less than half
 * of the word.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const short = candidates.filter((candidate) => candidate.length <= LONGEST + MAX_EDITS);
  if (short.length === 0 || name.length > LONGEST) return undefined;
  const found = closest(name.toLowerCase(), short);
  const edits = distance(name.toLowerCase(), found.toLowerCase());
  return edits <= MAX_EDITS && edits * 2 < Math.max(name.length, found.length) ? found : undefined;
}

/** Returns `did you mean web?`, or what there is instead: `known: web, ci`. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return known.length === 0 ? "there are none" : `known: ${known.join(", ")}`;
}
