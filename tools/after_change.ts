import { ContainariumError } from "../client/mod.ts";
import { restate } from "../client/internal.ts";

/**
 * Goes on after a change. A failure from here on must not pass for a failure of the change.
 *
 * @param changed What was changed: "the files were sent"
 * @throws {ContainariumError} That of `goOn`, with what was changed
 */
export async function afterChange<T>(changed: string, goOn: () => Promise<T>): Promise<T> {
  try {
    return await goOn();
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    throw restate(error, `${error.message}. Before that, ${changed}`);
  }
}
