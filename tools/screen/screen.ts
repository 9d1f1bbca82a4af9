import type { Unit } from "./control_filter.ts";
import type { Echo } from "./echo.ts";
import { Emulator, MAX_PER_COLUMN } from "./emulator.ts";
import { Intake } from "./intake.ts";
import { LineNumbers } from "./line_numbers.ts";
import type { Buffer, Terminal } from "./xterm.d.ts";

/** How many lines that scrolled by are kept. */
const SCROLLBACK_LINES = 2_000;
/** A wrapped line may come to more than a screen. */
const MAX_LINE_CHARS = 64 * 1024;

/** How a screen is made. */
export interface ScreenOptions {
  /** Its columns. */
  readonly cols: number;
  /** Its rows. */
  readonly rows: number;
  /** Sends what a terminal answers by itself to a program's questions. */
  readonly reply: (text: string) => void;
}

/** Where the cursor is, counted from 1. */
export interface Cursor {
  /** From the top. */
  readonly row: number;
  /** From the left. */
  readonly column: number;
}

/** What the screen showed at one time, to find out later what is new. */
export interface Mark {
  /** The number of the screen's first line then, of all that there were. */
  readonly top: number;
  /** The lines then, by how far they stood below the first. */
  readonly normal: Lines;
  /** Those of a program with a screen of its own, if there was one. */
  readonly alternate: Lines;
  /** How far below the first line the cursor stood; -1 in a program's own screen. */
  readonly cursorRow: number;
}

/** Lines by their rows. */
type Lines = ReadonlyMap<number, string>;

/** What scrolled off the screen. */
export interface Scrolled {
  /** The lines, oldest first; one that was wrapped is whole again. */
  readonly lines: readonly string[];
  /** Whether there were more before them, which are not kept. */
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

  /** Makes one; the emulator is loaded with the first. */
  static async open({ cols, rows, reply }: ScreenOptions): Promise<Screen> {
    // @ts-types="./xterm.d.ts"
    const { Terminal } = await import("@xterm/headless/lib-headless/xterm-headless.mjs");
    const options = { allowProposedApi: true, cols, rows, scrollback: SCROLLBACK_LINES };
    return new Screen(new Emulator(() => new Terminal(options), reply));
  }

  /** Takes what the terminal prints. */
  write(text: string): void {
    this.#intake.push(text);
  }

  /** Resolves when what was written is on the screen, or as much of it as a look waits for. */
  async settled(): Promise<void> {
    await this.#intake.settled();
  }

  /** How many characters came too fast to be shown, since this was last asked. */
  takeSkipped(): number {
    return this.#intake.takeSkipped();
  }

  /** Lets the terminal answer questions of a program's again, which it does a number of times only. */
  allowReplies(): void {
    this.#emulator.allowReplies();
  }

  /** The rows, without the blanks at their ends and below them. */
  get text(): string {
    const { baseY } = this.#active;
    const { rows, cols } = this.#terminal;
    return Array.from({ length: rows }, (_, row) => {
      const text = this.#active.getLine(baseY + row)?.translateToString(true) ?? "";
      return text.slice(0, cols * MAX_PER_COLUMN).trimEnd();
    }).join("\n").trimEnd();
  }

  /** Where the cursor is. */
  get cursor(): Cursor {
    // After the last column it waits beyond it for the next character.
    const column = Math.min(this.#active.cursorX + 1, this.#terminal.cols);
    return { row: this.#active.cursorY + 1, column };
  }

  /** Whether a program has the screen to itself, as editors and pagers do. */
  get isFullScreen(): boolean {
    return this.#active.type === "alternate";
  }

  /** Whether the program wants the arrows in their other form. */
  get hasApplicationCursor(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  /** Remembers what is on the screen. */
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

  /** What has scrolled off the screen since then. */
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
   * The text that was printed since then: new lines, and what changed of the old ones.
   *
   * @param echo What was typed then; a program with a screen of its own shows it at its own will
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

/** Lines as they were printed, with their rows: what was wrapped is put together again. */
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

/** Where a line begins, and where the next one. */
interface Rows {
  readonly first: number;
  readonly next: number;
}

/** What of the lines from `from` on was not there when they were `old`, or of that what is wanted. */
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
