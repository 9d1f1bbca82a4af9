/**
 * Waits for reads that go on at the same time. Unlike `Promise.all` it rejects only once all of them
 * have ended: nothing goes on after the call that asked for them.
 *
 * @throws What the first of them in the list that failed was rejected with
 */
export async function together<T extends readonly unknown[] | []>(
  reads: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  for (const each of await Promise.allSettled(reads)) {
    if (each.status === "rejected") throw each.reason;
  }
  return await Promise.all(reads);
}
