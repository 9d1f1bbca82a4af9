/** What goes on in one container: its terminals, what runs in them, and what they leave. @module */

import {
  copyFolder,
  killProcesses,
  listAgentFiles,
  listProcesses,
  removeAgentFiles,
} from "./processes.ts";
import { Pty, type Screen } from "./pty.ts";
import type { Scratch } from "./scratch.ts";
import type { Leftovers } from "./shell_types.ts";
import type { Line, Terminal } from "./shells.ts";

/** What was typed at first is looked through for names of files that it may leave. */
const searchedCharacters = 64 * 1024;

/** The inside of one container. */
export class Inside {
  /** Its folder on this machine. */
  readonly scratch: Scratch;
  /** Its WebSockets. */
  readonly lines = new Set<Line>();
  readonly #ptys = new Set<Pty>();
  /** The words that `.cx.` files of its terminals are called after. */
  readonly #nonces = new Set<string>();
  #used = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(scratch: Scratch) {
    this.scratch = scratch;
  }

  /** Whether something may run in it. */
  get isUsed(): boolean {
    return this.#used;
  }

  /** Logs in on a new terminal. */
  open(line: Line, screen: Screen, variables: Readonly<Record<string, string>>): Terminal {
    const { environment, command } = this.scratch;
    const pty = new Pty(command, { ...variables, ...environment }, screen);
    this.#used = true;
    this.#ptys.add(pty);
    this.lines.add(line);
    pty.ended.then(() => this.#ptys.delete(pty));
    let searched = 0;
    return {
      type: (text) => {
        if (searched < searchedCharacters) this.#search(text);
        searched += text.length;
        return pty.type(text);
      },
      leave: () => {
        this.lines.delete(line);
        pty.turnOff();
      },
    };
  }

  /** What is still there. */
  async leftovers(): Promise<Leftovers> {
    const { folder, home } = this.scratch;
    return {
      processes: await listProcesses(folder, [...this.#ptys].map(({ pid }) => pid)),
      files: await listAgentFiles(home, this.#nonces),
    };
  }

  /** Everything in it ends, abruptly; what is in its home stays. */
  end(): Promise<void> {
    if (this.#used) {
      this.#used = false;
      this.#ended = this.#end();
    }
    return this.#ended;
  }

  /** Copies its home. */
  async keepHome(snapshot: string): Promise<void> {
    const { home } = this.scratch;
    await copyFolder(home, this.#kept(snapshot));
  }

  /** Its home becomes what was copied; what runs in it goes on. */
  async bringBackHome(snapshot: string): Promise<void> {
    await this.#ended;
    await copyFolder(this.#kept(snapshot), this.scratch.home);
  }

  /** Removes a copy of its home. */
  async dropHome(snapshot: string): Promise<void> {
    await removeAll(this.#kept(snapshot));
  }

  #kept(snapshot: string): string {
    return `${this.scratch.folder}/snapshots/${encodeURIComponent(snapshot)}`;
  }

  /** It ends, and its folder is removed. */
  async remove(): Promise<void> {
    await this.end();
    await removeAll(this.scratch.folder);
  }

  async #end(): Promise<void> {
    for (const line of [...this.lines]) line.cut();
    const ptys = [...this.#ptys];
    for (const pty of ptys) pty.turnOff();
    await killProcesses(this.scratch.folder);
    for (const pty of ptys) pty.kill();
    await Promise.all(ptys.map(({ ended }) => ended));
    // What is in memory is lost with the container, and /tmp is not its own here.
    await removeAgentFiles(this.#nonces);
  }

  #search(text: string): void {
    for (const nonce of text.match(/\b[0-9a-f]{16,64}\b/g) ?? []) this.#nonces.add(nonce);
  }
}

/** Removes a folder, if it is there. */
export async function removeAll(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
