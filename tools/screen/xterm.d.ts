/** The part of `@xterm/headless` that this server uses. */

/** Something to dispose. */
export interface Disposable {
  dispose(): void;
}

/** A position in the normal buffer that moves with its line. */
export interface Marker extends Disposable {
  /** Its line; -1 once that line was dropped. */
  readonly line: number;
}

/** A row of cells. */
export interface BufferLine {
  /** Whether it continues the previous row. */
  readonly isWrapped: boolean;
  translateToString(trimRight?: boolean): string;
}

/** Rows of one buffer, scrolled-off rows before those on the screen. */
export interface Buffer {
  readonly type: "normal" | "alternate";
  readonly cursorX: number;
  readonly cursorY: number;
  /** First row of the screen. */
  readonly baseY: number;
  /** Number of rows. */
  readonly length: number;
  getLine(y: number): BufferLine | undefined;
}

/** Options of a terminal. */
export interface TerminalOptions {
  readonly allowProposedApi: boolean;
  readonly cols: number;
  readonly rows: number;
  readonly scrollback: number;
}

/** A terminal without a display. */
export declare class Terminal {
  constructor(options: TerminalOptions);
  readonly cols: number;
  readonly rows: number;
  readonly buffer: { readonly active: Buffer; readonly normal: Buffer };
  readonly modes: { readonly applicationCursorKeysMode: boolean };
  /** Receives the terminal's replies to queries. */
  onData(listener: (text: string) => void): Disposable;
  /** Sends typed text; the next write is synchronous. */
  input(text: string): void;
  write(text: string, parsed?: () => void): void;
  dispose(): void;
  /** Works only in the normal buffer. */
  registerMarker(fromCursor: number): Marker | undefined;
}
