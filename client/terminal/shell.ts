import type { CallOptions } from "../async/call_options.ts";

/** How an interactive shell is opened. `signal` and `timeoutMs` end the opening, not the open shell. */
export interface OpenOptions extends CallOptions {
  /** Columns of its screen. */
  readonly cols: number;
  /** Rows of its screen. */
  readonly rows: number;
  /** Called with what the terminal prints, in order, with its escape sequences. */
  readonly onOutput: (text: string) => void;
}

/**
 * An open interactive shell in a container. When it ends, for whatever reason, what it left on its
 * terminal is ended too; a program that is to stay is started with `setsid`.
 */
export interface Shell {
  /**
   * Types text, with control characters as they are (`"\r"` is Enter, `"\x03"` Ctrl-C); nothing
   * happens when the shell has ended.
   */
  send(text: string): void;
  /** Resolves when the shell has ended, for whatever reason, and says why in words. */
  readonly ended: Promise<string>;
  /** Ends the shell and whatever runs in it; leaves nothing behind. Safe to call twice. */
  close(): Promise<void>;
}
