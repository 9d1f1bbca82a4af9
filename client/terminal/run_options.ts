import type { CallOptions } from "../async/call_options.ts";

/** How to run a command in a container. */
export interface RunOptions extends CallOptions {
  /**
   * Standard input of the command; text is sent as UTF-8.
   *
   * @default Empty
   */
  readonly stdin?: string | Uint8Array | undefined;
  /**
   * Milliseconds until the command is killed with everything that it started. That is not an error:
   * the result has `timedOut`.
   *
   * @default {60_000}
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Maximum bytes to keep of each output: the first half and the last half.
   *
   * @default {1_048_576}
   */
  readonly maxBytes?: number | undefined;
  /** Called with each piece of standard output, in order, while the command runs. */
  readonly onOutput?: ((piece: Uint8Array) => void) | undefined;
}

/** A gap in an output. */
export interface Omission {
  /** Bytes before the gap. */
  readonly at: number;
  /** Bytes missing; 0 for none. */
  readonly bytes: number;
  /** Whether more may be missing: on a full disk not every byte is counted. Absent: no. */
  readonly isAtLeast?: boolean | undefined;
}

/** Result of a command. */
export interface RunResult {
  /** Exit code as a shell reports it: 128 + the signal's number if a signal killed it. */
  readonly exitCode: number;
  /** Signal that killed it: `"SIGKILL"`; absent if it ended by itself. */
  readonly signal?: string | undefined;
  /** Standard output, byte for byte; its head and tail if it was over `maxBytes`. */
  readonly stdout: Uint8Array;
  /** Standard error, in the same form. */
  readonly stderr: Uint8Array;
  /** Whether bytes were left out of either. */
  readonly truncated: boolean;
  /** Where and how many. */
  readonly omitted: { readonly stdout: Omission; readonly stderr: Omission };
  /** Whether it was killed after `timeoutMs`. */
  readonly timedOut: boolean;
  /** Milliseconds from sending it to its end. */
  readonly durationMs: number;
}
