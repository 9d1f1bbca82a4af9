/** Reads on first use, and answers that from then on. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => reading ??= read();
}
