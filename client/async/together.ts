/**
 * Waits for concurrent reads. Unlike `Promise.all`, it rejects only after all have settled, so
 * nothing outlives the call.
 *
 * @throws The error of the first failed read in the list
 */
export async function together<T extends readonly unknown[] | []>(
  reads: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  for (const each of await Promise.allSettled(reads)) {
    if (each.status === "rejected") throw each.reason;
  }
  return await Promise.all(reads);
}
