/**
 * Returns `work` with a cache of its results for the texts that came last. For facts that most containers
 * of a list share.
 *
 * @param work Depends on nothing but the text
 * @param most Maximum number of results to keep; the one computed first goes first
 */
export function memoize<T>(work: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.value;
    const value = work(text);
    const [oldest] = known.keys();
    if (known.size >= most && oldest !== undefined) known.delete(oldest);
    known.set(text, { value });
    return value;
  };
}
