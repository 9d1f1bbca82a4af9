/**
 * What can hide, reorder or forge text: controls, line ends, format and tag characters, variation
 * selectors and fillers (all that Unicode lets a screen ignore), halves of a character, private use and
 * noncharacters, spaces that pass for another (the ideographic one does not: it is twice as wide, and
 * Chinese and Japanese prose is full of it), and signs that are drawn as nothing: the blank Braille
 * pattern, the null notehead, hieroglyph blanks, the Khitan filler.
 */
const unseen =
  /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u{a0}\u{1680}\u{2000}-\u{200a}\u{202f}\u{205f}\u{2800}\u{1d159}\u{13441}\u{13442}\u{16fe4}]/gu;

/** Nearly all texts. A class of ASCII is looked through several times as fast as one of properties. */
const plain = /^[\x20-\x7e]*$/;
const plainLines = /^[\x20-\x7e\n\t]*$/;

/**
 * Shows what cannot be seen, as `\u{1b}`: text that came from outside must not be able to hide words,
 * move the cursor or pass for something else. No two texts are shown alike.
 */
export function visible(text: string): string {
  return visibleOnce(text.replace(/\\(?=u\{)/g, "\\u{5c}"));
}

/**
 * The same for text some parts of which are made visible already: those stay as they are.
 *
 * @param kept Characters that stay
 */
export function visibleOnce(text: string, kept = ""): string {
  const isPlain = kept.includes("\n") && kept.includes("\t") ? plainLines : plain;
  if (isPlain.test(text)) return text;
  return text.replace(unseen, (character) => {
    if (kept.includes(character)) return character;
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
  });
}
