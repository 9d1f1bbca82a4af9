import type { CallOptions } from "../async/call_options.ts";

/** Options of an interactive shell. `signal` and `timeoutMs` apply to opening it, not to the open shell. */
export interface OpenOptions extends CallOptions {
  /** Columns of its screen. */
  readonly cols: number;
  /** Rows of its screen. */
  readonly rows: number;
  /** Called with what the terminal prints, in order, with its escape sequences. */
  readonly onOutput: (text: string) => void;
}

/**
 * An open interactive shell in a container. When it ends, the programs on its terminal end too;
 * start with `setsid` what should stay.
 */
export interface Shell {
  /**
   * Types text with control characters (`"\r"` is Enter, `"\x03"` is Ctrl-C). Does nothing if the
   * shell has ended.
   */
  send(text: string): void;
  /** Resolves when the shell has ended, with the reason in words. */
  readonly ended: Promise<string>;
  /** Ends the shell and everything in it. Safe to call twice. */
  close(): Promise<void>;
}
