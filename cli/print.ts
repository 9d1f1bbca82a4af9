import type { CommandContext } from "./command.ts";

/** Prints to stdout for a user, while no protocol is on it. A closed stdout is no error. */
export async function print(text: string, { write }: Pick<CommandContext, "write">): Promise<void> {
  try {
    await write(new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
