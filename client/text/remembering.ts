/**
 * Returns a function that does what `work` does, and remembers what it returned for the texts that came
 * last. For work that is asked the same of every container in a list.
 *
 * @param work Depends on nothing but the text
 * @param most How many texts are remembered
 */
export function remembering<T>(work: (text: string) => T, most: number): (text: string) => T {
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
