/** The text of a recording, which its SVG has as its description. @module */

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
  "&amp;": "&",
};

/** Returns what the terminal showed; empty if it is no recording. */
export function screenIn(svg: string): string {
  const [, text = ""] = /<desc>([^<]*)<\/desc>/.exec(svg) ?? [];
  return text.replaceAll(/&[^;]+;/g, (entity) => entities[entity] ?? entity);
}

/** Returns a screen in a form that compares equal for two runs: numbers, bars and gaps may differ. */
export function comparableScreen(text: string): string {
  return text.replaceAll(/[\u2581-\u2593]+/g, "\u2588").replaceAll(/\d+(\.\d+)?/g, "0")
    .replaceAll(/ +/g, " ");
}
