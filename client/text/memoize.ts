/**
 * Returns a function that returns what `work` does, and calls it once for each text as long as the text is
 * among the newest. For facts that most containers of a list share.
 *
 * @param work Depends on nothing but the text
 * @param most Maximum number of texts to keep
 */
export function memoize<T>(work: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.value;
    const value = work(text);
    // The one that came first.
    const [oldest] = known.keys();
    if (known.size >= most && oldest !== undefined) known.delete(oldest);
    known.set(text, { value });
    return value;
  };
}
