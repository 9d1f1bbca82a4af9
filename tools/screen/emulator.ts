import type { Unit } from "./control_filter.ts";
import type { Terminal } from "./xterm.d.ts";

/** A family of emoji takes 11 characters for two columns; more of a row is nothing that a screen shows. */
export const MAX_PER_COLUMN = 8;
/** A program asks its terminal a few questions as it starts, or one with each prompt. */
const MAX_REPLIES = 100;
/** After so many characters without a width it is looked at where they went. */
const MAX_MARKS = 4_096;
const marks = /[\p{M}\p{Cf}\u1160-\u11ff]/gu;
const CLEAR = "\x1b[2J";

/** The terminal emulator, at work only while it is given something, and replaced where it fails. */
export class Emulator {
  readonly #make: () => Terminal;
  readonly #reply: (text: string) => void;
  #terminal: Terminal;
  #repliesLeft = MAX_REPLIES;
  #marks = 0;

  /**
   * @param make Makes one
   * @param reply Sends what a terminal answers by itself to a program's questions
   */
  constructor(make: () => Terminal, reply: (text: string) => void) {
    this.#make = make;
    this.#reply = reply;
    this.#terminal = this.#start();
  }

  /** As it is now. */
  get terminal(): Terminal {
    return this.#terminal;
  }

  /** Lets it answer questions of a program's again, which it does a number of times only. */
  allowReplies(): void {
    this.#repliesLeft = MAX_REPLIES;
  }

  /**
   * Takes text or a control function, and is done with it on return.
   *
   * @returns Whether it could; otherwise it is of no more use before it is begun anew
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

  /** Begins anew, with an empty screen. */
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

  /** After input the emulator writes at once; otherwise it would in a timer, where errors are not caught. */
  #write(text: string): void {
    this.#terminal.input("");
    this.#terminal.write(text);
  }

  /** Erasing up to the last cell of all, it looks for the line after the last; that is the whole screen. */
  #isTrap(text: string): boolean {
    if (!text.endsWith("J") || !/^.\[\??1(?:[;:]|J$)/s.test(text)) return false;
    const { rows, cols, buffer: { active } } = this.#terminal;
    return active.cursorY === rows - 1 && active.cursorX >= cols - 1;
  }

  /** A cell takes characters without a width for ever: a screen that holds too many is cleared. */
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
