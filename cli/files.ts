import { readTextFile } from "../client/internal.ts";
import { howToGrant } from "../tools/mod.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Reads a file that the user named.
 *
 * @param label Its name for messages
 * @throws {UsageError} If it cannot be read
 */
export async function readNamedFile(path: string, label: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new UsageError(`${label}: no such file`);
    if (error instanceof Deno.errors.NotCapable) {
      throw new UsageError(
        `${label}: this process may not read it; ${howToGrant("it", { read: path })}`,
      );
    }
    throw new UsageError(`${label}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
