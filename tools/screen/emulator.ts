import type { Unit } from "./control_filter.ts";
import type { Terminal } from "./xterm.d.ts";

/** An emoji of a family has 11 characters for two columns; a row with more cannot be shown. */
export const MAX_PER_COLUMN = 8;
/** Programs query their terminal a few times at the start, or once per prompt. */
const MAX_REPLIES = 100;
/** After so many characters without width, the cells are checked. */
const MAX_MARKS = 4_096;
const marks = /[\p{M}\p{Cf}\u1160-\u11ff]/gu;
const CLEAR = "\x1b[2J";

/** The terminal emulator, which works only during a write and is replaced if it fails. */
export class Emulator {
  readonly #make: () => Terminal;
  readonly #reply: (text: string) => void;
  #terminal: Terminal;
  #repliesLeft = MAX_REPLIES;
  #marks = 0;

  /**
   * @param make Creates an emulator
   * @param reply Sends the terminal's automatic replies to queries
   */
  constructor(make: () => Terminal, reply: (text: string) => void) {
    this.#make = make;
    this.#reply = reply;
    this.#terminal = this.#start();
  }

  /** The current emulator. */
  get terminal(): Terminal {
    return this.#terminal;
  }

  /** Resets the limit of replies to queries. */
  allowReplies(): void {
    this.#repliesLeft = MAX_REPLIES;
  }

  /**
   * Writes text or a control function; it is processed on return.
   *
   * @returns False if the emulator failed and must be restarted
   */
  take({ text }: Unit): boolean {
    try {
      this.#write(this.#isTrap(text) ? CLEAR : text);
      this.#weighMarks(text);
      return true;
    } catch {
      return false;
    }
  }

  /** Restarts with an empty screen. */
  restart(): void {
    this.#terminal.dispose();
    this.#terminal = this.#start();
  }

  #start(): Terminal {
    const terminal = this.#make();
    terminal.onData((text) => {
      if (text !== "" && this.#repliesLeft-- > 0) this.#reply(text);
    });
    return terminal;
  }

  /** After input the emulator writes synchronously, not in a timer, where errors would not be caught. */
  #write(text: string): void {
    this.#terminal.input("");
    this.#terminal.write(text);
  }

  /** When erasing up to the last cell, the emulator reads a line past the end: erases the whole screen instead. */
  #isTrap(text: string): boolean {
    if (!text.endsWith("J") || !/^.\[\??1(?:[;:]|J$)/s.test(text)) return false;
    const { rows, cols, buffer: { active } } = this.#terminal;
    return active.cursorY === rows - 1 && active.cursorX >= cols - 1;
  }

  /** A cell accepts any number of characters without width: a screen with too many is cleared. */
  #weighMarks(text: string): void {
    this.#marks += text.match(marks)?.length ?? 0;
    if (this.#marks < MAX_MARKS) return;
    this.#marks = 0;
    const { rows, cols, buffer: { active } } = this.#terminal;
    for (let row = 0; row < rows; row++) {
      const { length = 0 } = active.getLine(active.baseY + row)?.translateToString(true) ?? "";
      if (length > cols * MAX_PER_COLUMN) return this.#write(CLEAR);
    }
  }
}
