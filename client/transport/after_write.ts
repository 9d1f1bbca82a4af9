import { ContainariumError, restate } from "../errors.ts";

/**
 * Reads what a write has brought about. That the reading fails must not pass for a failure of the
 * write.
 *
 * @param accepted What the daemon accepted: "The stop of alice-container"
 * @throws {ContainariumError} `not_found` when it was deleted meanwhile, `ambiguous` when it cannot be read
 */
export async function afterWrite<T>(accepted: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isTold = !(error instanceof ContainariumError) || error.code === "cancelled" ||
      // That it is gone is known, not lost.
      error.code === "not_found";
    if (isTold) throw error;
    throw restate(
      error,
      `${accepted} was accepted, but its result could not be read: ${error.message}`,
      { code: "ambiguous", reason: "response_lost" },
    );
  }
}
