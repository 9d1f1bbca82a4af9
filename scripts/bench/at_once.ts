/** Work side by side. @module */

/** Does something many times, a limited number at a time. */
export async function atOnce(
  count: number,
  limit: number,
  work: (at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
