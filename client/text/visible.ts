/**
 * Characters that can hide, reorder or forge text: controls, line ends, format and tag characters,
 * variation selectors and fillers (everything that Unicode lets a screen ignore), lone surrogates,
 * private use and noncharacters, spaces that look like another (not the ideographic space, which is twice
 * as wide and common in Chinese and Japanese), and characters without a glyph: the blank Braille pattern,
 * the null notehead, hieroglyph blanks, the Khitan filler.
 */
const unseen =
  /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u{a0}\u{1680}\u{2000}-\u{200a}\u{202f}\u{205f}\u{2800}\u{1d159}\u{13441}\u{13442}\u{16fe4}]/gu;

/** Nearly all texts. A class of ASCII is looked through several times as fast as one of properties. */
const plain = /^[\x20-\x7e]*$/;
const plainLines = /^[\x20-\x7e\n\t]*$/;

/**
 * Makes invisible characters visible, as `\u{1b}`: text from outside must not hide words, move the cursor
 * or pass for something else. Different texts are always shown differently.
 */
export function visible(text: string): string {
  return visibleOnce(text.replace(/\\(?=u\{)/g, "\\u{5c}"));
}

/**
 * Does the same for text of which some parts were made visible before; those stay as they are.
 *
 * @param kept Characters to keep
 */
export function visibleOnce(text: string, kept = ""): string {
  const isPlain = kept.includes("\n") && kept.includes("\t") ? plainLines : plain;
  if (isPlain.test(text)) return text;
  return text.replace(unseen, (character) => {
    if (kept.includes(character)) return character;
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
  });
}

/** Makes text from outside one line: it cannot pass for a line of its own. */
export function oneLine(text: string): string {
  return visible(text.trim().replace(/\s+/g, " "));
}
