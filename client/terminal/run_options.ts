import type { CallOptions } from "../async/call_options.ts";

/** How a command is run in a container. */
export interface RunOptions extends CallOptions {
  /**
   * What the command reads; text goes as UTF-8.
   *
   * @default Nothing: it reads the end at once
   */
  readonly stdin?: string | Uint8Array | undefined;
  /**
   * Milliseconds until the command is killed with everything that it started. That is no error: the
   * result has `timedOut`.
   *
   * @default {60_000}
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The most bytes that are kept of each of the two outputs: the first half and the last half.
   *
   * @default {1_048_576}
   */
  readonly maxBytes?: number | undefined;
  /** Told each piece of standard output while the command runs, in order. */
  readonly onOutput?: ((piece: Uint8Array) => void) | undefined;
}

/** Where bytes were left out of an output. */
export interface Omission {
  /** How many bytes stand before the gap. */
  readonly at: number;
  /** How many bytes are missing; 0: none. */
  readonly bytes: number;
}

/** Result of a command. */
export interface RunResult {
  /** Its exit code as a shell gives it: 128 + the signal's number where a signal ended it. */
  readonly exitCode: number;
  /** The signal that ended it: `"SIGKILL"`; absent when it ended by itself. */
  readonly signal?: string | undefined;
  /** Standard output, byte for byte; the head, then the tail, where it was over `maxBytes`. */
  readonly stdout: Uint8Array;
  /** Standard error, likewise. */
  readonly stderr: Uint8Array;
  /** Whether anything was left out of either. */
  readonly truncated: boolean;
  /** Where, and how much. */
  readonly omitted: { readonly stdout: Omission; readonly stderr: Omission };
  /** Whether it was ended because its time was over. */
  readonly timedOut: boolean;
  /** How many milliseconds it took, from sending to its end. */
  readonly durationMs: number;
}
