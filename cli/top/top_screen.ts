import type { ProcessTerminal } from "../../server/stdio/standard_streams.ts";

/** The whole screen of a terminal, which is given back as it was. */
export class TopScreen implements Disposable {
  readonly #terminal: ProcessTerminal;
  readonly #write: (text: string) => void;
  #isOpen = true;

  /** Takes the screen; keys then arrive one by one. */
  constructor(terminal: ProcessTerminal, write: (text: string) => void) {
    this.#terminal = terminal;
    this.#write = write;
    terminal.setRaw(true);
    // The other screen, no cursor, and lines that end where the screen does.
    write("\x1b[?1049h\x1b[?25l\x1b[?7l");
  }

  /** Shows lines from the top, as many as there is room for. */
  show(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const { rows } = this.#terminal.size();
    const shown = lines.slice(0, rows).map((line) => `${line}\x1b[K`).join("\r\n");
    this.#write(`\x1b[H${shown}\x1b[J`);
  }

  /** Gives the screen back. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#write("\x1b[?7h\x1b[?25h\x1b[?1049l");
    this.#terminal.setRaw(false);
  }
}
