import type { Marker, Terminal } from "./xterm.d.ts";

/** Numbers all lines that a terminal ever had, though it keeps only the last of them. */
export class LineNumbers {
  readonly #terminal: Terminal;
  readonly #mostKept: number;
  /** The line above the screen when it was last looked at: on the screen a program may erase it. */
  #above: Marker | undefined;
  /** The number of the screen's first line then. */
  #topThen = 0;
  /** The number of the first line after a program cleared all that was kept. */
  #clearedAt = 0;

  /**
   * @param mostKept How many lines are kept besides the screen
   * @param first The number of the first line
   */
  constructor(terminal: Terminal, mostKept: number, first = 0) {
    this.#terminal = terminal;
    this.#mostKept = mostKept;
    this.#topThen = first;
  }

  /** The number of the screen's first line. */
  top(): number {
    const { normal, active } = this.#terminal.buffer;
    const top = this.#reckon(normal.baseY);
    if (active.type === "normal") {
      this.#above?.dispose();
      this.#above = normal.baseY === 0
        ? undefined
        : this.#terminal.registerMarker(-active.cursorY - 1);
      this.#topThen = top;
    }
    return top;
  }

  /** The number of the oldest line that is kept. */
  oldest(): number {
    return this.top() - this.#terminal.buffer.normal.baseY;
  }

  /** Whether lines are gone that came before the oldest and that no program cleared. */
  get isCut(): boolean {
    return this.oldest() !== this.#clearedAt;
  }

  #reckon(baseY: number): number {
    const isFull = baseY >= this.#mostKept;
    if (this.#above === undefined && !isFull) return this.#topThen + baseY;
    if (this.#above !== undefined && this.#above.line >= 0) {
      return this.#topThen + baseY - this.#above.line - 1;
    }
    const top = this.#topThen + this.#mostKept + this.#terminal.rows + baseY;
    if (!isFull) this.#clearedAt = top - baseY;
    return top;
  }
}
