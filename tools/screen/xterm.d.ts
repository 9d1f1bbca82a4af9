/** The part of `@xterm/headless` that a screen is made of. */

/** Something to let go of. */
export interface Disposable {
  dispose(): void;
}

/** A place in the normal buffer that moves with its line. */
export interface Marker extends Disposable {
  /** Its line; -1 once that was scrolled away for good. */
  readonly line: number;
}

/** A row of cells. */
export interface BufferLine {
  /** Whether it goes on where the row before ended. */
  readonly isWrapped: boolean;
  translateToString(trimRight?: boolean): string;
}

/** The rows of one buffer, what scrolled by before those on the screen. */
export interface Buffer {
  readonly type: "normal" | "alternate";
  readonly cursorX: number;
  readonly cursorY: number;
  /** The first row of the screen. */
  readonly baseY: number;
  /** How many rows there are. */
  readonly length: number;
  getLine(y: number): BufferLine | undefined;
}

/** What a terminal is made of. */
export interface TerminalOptions {
  readonly allowProposedApi: boolean;
  readonly cols: number;
  readonly rows: number;
  readonly scrollback: number;
}

/** A terminal without a picture. */
export declare class Terminal {
  constructor(options: TerminalOptions);
  readonly cols: number;
  readonly rows: number;
  readonly buffer: { readonly active: Buffer; readonly normal: Buffer };
  readonly modes: { readonly applicationCursorKeysMode: boolean };
  /** Told what the terminal answers to a program's questions. */
  onData(listener: (text: string) => void): Disposable;
  /** What a user types; the write after it is done at once. */
  input(text: string): void;
  write(text: string, parsed?: () => void): void;
  dispose(): void;
  /** Only in the normal buffer. */
  registerMarker(fromCursor: number): Marker | undefined;
}
