import { visible } from "../text/visible.ts";

/** More of one text than this is not shown in a question. */
const MAX_CHARS = 2_000;

/** What a question shows of texts that are to be run, read or typed. */
export interface ShownTexts {
  /** Each text line by line, with nothing hidden in it, after what it is. */
  readonly lines: string;
  /** What to add to the label of the checkbox if part of a text is not shown. */
  readonly unseen: string;
}

/**
 * Shows texts in a question.
 *
 * @param texts By what they are: `With this on its input`. The one without a name stands first;
 * empty ones are left out
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
