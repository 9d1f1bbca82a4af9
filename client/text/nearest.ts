import { closest, distance } from "fastest-levenshtein";

/** Maximum length of a known name. */
const MAX_NAME_CHARS = 64;
/** Maximum edits that count as a typo. */
const MAX_EDITS = 2;

/**
 * Returns the candidate closest to a name: few edits away, and less than half of the word.
 *
 * @param maxEdits Edits that count as a typo; absent: 2
 */
export function nearest(
  name: string,
  candidates: readonly string[],
  maxEdits: number = MAX_EDITS,
): string | undefined {
  const short = candidates.filter((candidate) => candidate.length <= MAX_NAME_CHARS + maxEdits);
  if (short.length === 0 || name.length > MAX_NAME_CHARS) return undefined;
  const found = closest(name.toLowerCase(), short);
  const edits = distance(name.toLowerCase(), found.toLowerCase());
  return edits <= maxEdits && edits * 2 < Math.max(name.length, found.length) ? found : undefined;
}

/** Returns `did you mean web?`, or what there is instead: `known: web, ci`. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return known.length === 0 ? "there are none" : `known: ${known.join(", ")}`;
}

/** Returns `; did you mean web?`, or nothing: where what there is would be a long list. */
export function ifMeant(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : `; ${didYouMean(name, [meant])}`;
}
