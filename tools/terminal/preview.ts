import { visible } from "../../client/internal.ts";

/** Maximum number of characters of one text in a question. */
const MAX_CHARS = 2_000;

/** Texts to run, read or type, as a question shows them. */
export interface ShownTexts {
  /** Lines of each text after its name, with invisible characters made visible. */
  readonly lines: string;
  /** Added to the label of the checkbox if part of a text is not shown. */
  readonly unseen: string;
}

/**
 * Returns texts as a question shows them.
 *
 * @param texts Texts by name: `With this on its input`. A text without a name comes first; empty texts
 * are left out
 */
export function shownInQuestion(texts: Readonly<Record<string, string>>): ShownTexts {
  const given = Object.entries(texts).filter(([, text]) => text !== "");
  const unseen = given.reduce(
    (sum, [, { length }]) => sum + Math.max(0, length - MAX_CHARS),
    0,
  );
  return {
    lines: given.map(([what, text]) => shown(what, text)).join("\n"),
    unseen: unseen === 0 ? "" : `, ${unseen} characters of it not shown`,
  };
}

function shown(what: string, text: string): string {
  const lines = text.slice(0, MAX_CHARS).split("\n").map(visible).join("\n");
  const rest = text.length - MAX_CHARS;
  const heading = what === "" ? "" : `${what} (${text.length} characters):\n`;
  return rest <= 0
    ? `${heading}${lines}`
    : `${heading}${lines}\n… and ${rest} more characters, which are NOT shown here`;
}
