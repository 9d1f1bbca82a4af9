/** What to look for in what a terminal prints. */
export type Pattern = string | RegExp;

/** Reads text to look for, or `/…/` with flags; nothing where that is no regular expression. */
export function parsePattern(text: string): Pattern | undefined {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? [];
  if (source === undefined) return text;
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether it stands in the text. */
export function isIn(text: string, pattern: Pattern): boolean {
  return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}
