/** Takes one thing after the other, as many at once as there are copies of the project. */
export async function eachAtOnce<T>(
  things: Iterable<T>,
  copies: readonly string[],
  work: (thing: T, copy: string) => Promise<void>,
): Promise<void> {
  const rest = Iterator.from(things);
  await Promise.all(copies.map(async (copy) => {
    for (const thing of rest) await work(thing, copy);
  }));
}
