import type { Unit } from "./control_filter.ts";
import type { Echo } from "./echo.ts";
import { Emulator, MAX_PER_COLUMN } from "./emulator.ts";
import { Intake } from "./intake.ts";
import { LineNumbers } from "./line_numbers.ts";
import type { Buffer, Terminal } from "./xterm.d.ts";

/** Maximum number of scrolled-off lines that are kept. */
const SCROLLBACK_LINES = 2_000;
/** Maximum length of a wrapped line, which may exceed the screen. */
const MAX_LINE_CHARS = 64 * 1024;

/** Options of a screen. */
export interface ScreenOptions {
  /** Columns. */
  readonly cols: number;
  /** Rows. */
  readonly rows: number;
  /** Sends the terminal's automatic replies to queries. */
  readonly reply: (text: string) => void;
}

/** Cursor position, counted from 1. */
export interface Cursor {
  /** Row. */
  readonly row: number;
  /** Column. */
  readonly column: number;
}

/** What the screen showed at one time, to find what is new later. */
export interface Mark {
  /** Number of the screen's first line, among all lines ever. */
  readonly top: number;
  /** Lines by their distance from the first. */
  readonly normal: Lines;
  /** Lines of the alternate screen, if a program used it. */
  readonly alternate: Lines;
  /** Distance of the cursor from the first line; -1 in the alternate screen. */
  readonly cursorRow: number;
}

/** Lines by their rows. */
type Lines = ReadonlyMap<number, string>;

/** Lines that scrolled off the screen. */
export interface Scrolled {
  /** Lines, oldest first; wrapped lines are joined. */
  readonly lines: readonly string[];
  /** Whether there were more before them, which were dropped. */
  readonly isCut: boolean;
}

/** A terminal's screen as a user would see it. */
export class Screen {
  readonly #emulator: Emulator;
  readonly #intake: Intake;
  #numbers: LineNumbers;

  private constructor(emulator: Emulator) {
    this.#emulator = emulator;
    this.#numbers = new LineNumbers(emulator.terminal, SCROLLBACK_LINES);
    this.#intake = new Intake(emulator.terminal, (unit) => this.#show(unit));
  }

  /** Creates a screen; the emulator is loaded on first use. */
  static async open({ cols, rows, reply }: ScreenOptions): Promise<Screen> {
    // @ts-types="./xterm.d.ts"
    const { Terminal } = await import("@xterm/headless/lib-headless/xterm-headless.mjs");
    const options = { allowProposedApi: true, cols, rows, scrollback: SCROLLBACK_LINES };
    return new Screen(new Emulator(() => new Terminal(options), reply));
  }

  /** Writes terminal output. */
  write(text: string): void {
    this.#intake.push(text);
  }

  /** Resolves when the output is on the screen, or after the time that a view waits. */
  async settled(): Promise<void> {
    await this.#intake.settled();
  }

  /** Returns how many characters were dropped since the last call. */
  takeSkipped(): number {
    return this.#intake.takeSkipped();
  }

  /** Resets the limit of replies to queries. */
  allowReplies(): void {
    this.#emulator.allowReplies();
  }

  /** Rows, without trailing blanks and blank rows at the end. */
  get text(): string {
    const { baseY } = this.#active;
    const { rows, cols } = this.#terminal;
    return Array.from({ length: rows }, (_, row) => {
      const text = this.#active.getLine(baseY + row)?.translateToString(true) ?? "";
      return text.slice(0, cols * MAX_PER_COLUMN).trimEnd();
    }).join("\n").trimEnd();
  }

  /** Cursor position. */
  get cursor(): Cursor {
    // After the last column the cursor is beyond it until the next character.
    const column = Math.min(this.#active.cursorX + 1, this.#terminal.cols);
    return { row: this.#active.cursorY + 1, column };
  }

  /** Whether a program uses the alternate screen, as editors and pagers do. */
  get isFullScreen(): boolean {
    return this.#active.type === "alternate";
  }

  /** Whether the program switched the arrow keys to application mode. */
  get hasApplicationCursor(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  /** Returns what is on the screen, to compare with later. */
  mark(): Mark {
    const { normal } = this.#terminal.buffer;
    return {
      top: this.#numbers.top(),
      normal: new Map(linesOf(normal, normal.baseY, normal.length)),
      alternate: this.isFullScreen
        ? new Map(linesOf(this.#active, 0, this.#active.length))
        : new Map(),
      cursorRow: this.isFullScreen ? -1 : normal.cursorY,
    };
  }

  /** Returns what has scrolled off the screen since then. */
  scrolledSince(mark: Mark): Scrolled {
    const { normal } = this.#terminal.buffer;
    const row = mark.top - this.#numbers.oldest();
    const lines = linesOf(normal, Math.max(row, 0), normal.baseY);
    return {
      lines: lines.map(([, text]) => text.trimEnd()),
      isCut: row < 0 && this.#numbers.isCut,
    };
  }

  /**
   * Returns the text printed since then: new lines, and changed parts of old lines.
   *
   * @param echo What was typed then; a program in the alternate screen need not echo it
   */
  newSince(mark: Mark, echo: Echo): string {
    const { normal } = this.#terminal.buffer;
    const row = mark.top - this.#numbers.oldest();
    const found = row < 0
      ? newLines(normal, 0, new Map(), (added) => echo.without(added, false))
      : newLines(normal, row, mark.normal, (added, rows) =>
        echo.without(added, rows.first <= mark.cursorRow && mark.cursorRow < rows.next));
    if (this.isFullScreen) found.push(...newLines(this.#active, 0, mark.alternate));
    return found.join("\n");
  }

  #show(unit: Unit): void {
    if (this.#emulator.take(unit)) return;
    const next = this.#numbers.top() + this.#terminal.rows;
    this.#emulator.restart();
    this.#numbers = new LineNumbers(this.#terminal, SCROLLBACK_LINES, next);
  }

  get #terminal(): Terminal {
    return this.#emulator.terminal;
  }

  get #active(): Buffer {
    return this.#terminal.buffer.active;
  }
}

/** Returns lines as they were printed, with their rows: wrapped lines are joined. */
function linesOf(buffer: Buffer, from: number, to: number): [number, string][] {
  const lines: [number, string][] = [];
  for (let row = from; row < to; row++) {
    const line = buffer.getLine(row);
    const text = line?.translateToString(true).slice(0, MAX_LINE_CHARS) ?? "";
    const last = lines.at(-1);
    if (line?.isWrapped !== true || last === undefined) lines.push([row - from, text]);
    else if (last[1].length < MAX_LINE_CHARS) last[1] += text;
  }
  return lines;
}

/** Start of a line, and of the next one. */
interface Rows {
  readonly first: number;
  readonly next: number;
}

/** Returns what is new in the lines from `from` on, compared with `old`. */
function newLines(
  buffer: Buffer,
  from: number,
  old: Lines,
  wanted: (added: string, rows: Rows) => string = (added) => added,
): string[] {
  const lines = linesOf(buffer, from, buffer.length);
  return lines.flatMap(([first, text], index) => {
    const before = old.get(first) ?? "";
    const added = text.startsWith(before) ? text.slice(before.length) : text;
    const [next = Infinity] = lines[index + 1] ?? [];
    const fresh = wanted(added, { first, next });
    return fresh.trim() === "" ? [] : [fresh];
  });
}
