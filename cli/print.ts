import type { CommandContext } from "./command.ts";

/**
 * Prints to stdout for a user, while no protocol is on it. A closed stdout is no error.
 *
 * @returns Whether somebody reads it
 */
export async function print(
  text: string,
  { write }: Pick<CommandContext, "write">,
): Promise<boolean> {
  try {
    await write(new TextEncoder().encode(text));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}
