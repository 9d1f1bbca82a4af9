import type { Marker, Terminal } from "./xterm.d.ts";

/** Numbers all lines that a terminal ever had, although it keeps only the last ones. */
export class LineNumbers {
  readonly #terminal: Terminal;
  readonly #maxKept: number;
  /** The line above the screen at the last view; a program may erase lines on the screen. */
  #above: Marker | undefined;
  /** Number of the screen's first line at that time. */
  #topThen = 0;
  /** Number of the first line after a program cleared all kept lines. */
  #clearedAt = 0;

  /**
   * @param maxKept Maximum number of lines kept above the screen
   * @param first Number of the first line
   */
  constructor(terminal: Terminal, maxKept: number, first = 0) {
    this.#terminal = terminal;
    this.#maxKept = maxKept;
    this.#topThen = first;
  }

  /** Number of the screen's first line. */
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

  /** Number of the oldest kept line. */
  oldest(): number {
    return this.top() - this.#terminal.buffer.normal.baseY;
  }

  /** Whether lines were dropped that no program cleared. */
  get isCut(): boolean {
    return this.oldest() !== this.#clearedAt;
  }

  #reckon(baseY: number): number {
    const isFull = baseY >= this.#maxKept;
    if (this.#above === undefined && !isFull) return this.#topThen + baseY;
    if (this.#above !== undefined && this.#above.line >= 0) {
      return this.#topThen + baseY - this.#above.line - 1;
    }
    const top = this.#topThen + this.#maxKept + this.#terminal.rows + baseY;
    if (!isFull) this.#clearedAt = top - baseY;
    return top;
  }
}
