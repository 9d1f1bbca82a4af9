/** Whether a text is a pattern of usernames and not a username. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** Returns why a pattern can match no username; `undefined` if it can. */
export function globProblem(pattern: string): string | undefined {
  return /^[A-Za-z0-9*?-]{1,64}$/.test(pattern)
    ? undefined
    : `"${pattern}" is not a username pattern: letters, digits and dashes, * for any, ? for one`;
}

/**
 * Whether all of `name` matches `pattern`: `*` is any number of characters, `?` is one. Backtracks to the
 * last `*` only, so that every pattern takes polynomial time.
 */
export function fitsGlob(name: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star: { readonly inPattern: number; readonly at: number } | undefined;
  while (at < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = { inPattern, at };
      inPattern++;
    } else if (wanted === "?" || wanted === name[at]) {
      at++;
      inPattern++;
    } else if (star === undefined) {
      return false;
    } else {
      star = { inPattern: star.inPattern, at: star.at + 1 };
      at = star.at;
      inPattern = star.inPattern + 1;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
