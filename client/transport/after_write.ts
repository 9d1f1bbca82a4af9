import { ContainariumError, restate } from "../errors.ts";

/**
 * Reads the result of a write, so that a failed read is not taken for a failed write.
 *
 * @param accepted What the daemon accepted: "The stop of alice-container"
 * @throws {ContainariumError} `not_found` if it was deleted meanwhile, `ambiguous` if it cannot be
 * read
 */
export async function afterWrite<T>(accepted: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isKnown = !(error instanceof ContainariumError) || error.code === "cancelled" ||
      // A deleted container is a known result.
      error.code === "not_found";
    if (isKnown) throw error;
    throw restate(
      error,
      `${accepted} was accepted, but its result could not be read: ${error.message}`,
      { code: "ambiguous", reason: "response_lost" },
    );
  }
}
