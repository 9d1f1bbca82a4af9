/** Controls, separators, bidi marks, zero-width, variation, surrogates and tag characters: what can hide or reorder text. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu;

/**
 * Shows what cannot be seen, as `\u{1b}`: text that came out of a container must not be able to
 * hide words, move the cursor or pass for something else. No two texts are shown alike.
 */
export function visible(text: string): string {
  return text.replace(/\\(?=u\{)/g, "\\u{5c}").replace(
    invisible,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
