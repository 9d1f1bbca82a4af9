/** A login in a container that takes as long as a test wants. @module */

/** A login file for bash that holds up every login but the first few once a line was typed ahead. */
export function heldLogin(others: number): string {
  return `if [ "$(ls "$HOME" | grep -c other)" = ${others} ]; then
    until read -t 0; do sleep 0.01; done
    : >"$HOME/typed"
    until [ -e "$HOME/go" ]; do sleep 0.01; done
  else : >"$HOME/other$$"; fi\n`;
}

/** Resolves when a login is held up in that home, and a line was typed into it. */
export async function untilHeld(home: string): Promise<void> {
  while (!await Deno.stat(`${home}/typed`).then(() => true, () => false)) {
    // There is no event for a file that a shell makes.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Has it go on. */
export async function letGo(home: string): Promise<void> {
  await Deno.writeTextFile(`${home}/go`, "");
}
