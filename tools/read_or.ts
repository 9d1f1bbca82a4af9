import { ContainariumError } from "../client/mod.ts";

/**
 * Returns what an optional read gives, or what stands for it where the read fails.
 *
 * @throws {ContainariumError} `cancelled`: what was cancelled is not answered with less
 */
export async function readOr<T, U>(
  read: () => Promise<T>,
  otherwise: (error: ContainariumError) => U,
): Promise<T | U> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "cancelled") throw error;
    return otherwise(error);
  }
}
