/**
 * The streams and the terminal of this process. Nothing else touches them: stdout carries the protocol.
 *
 * @module
 */
import type { StdioOptions } from "./stdio_transport.ts";

/** As much as a pipe holds. */
const INPUT_BYTES = 64 * 1024;

/** The stdin and stdout of this process. */
export function standardStreams(): Pick<StdioOptions, "input" | "write"> {
  return {
    input: standardInput(),
    write: async (bytes) => {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await Deno.stdout.write(rest));
      }
    },
  };
}

/** Like `Deno.stdin.readable`, whose own queue costs 36 µs per message. */
function standardInput(): ReadableStream<Uint8Array> {
  const buffer = new Uint8Array(INPUT_BYTES);
  return new ReadableStream({
    pull: async (controller) => {
      const length = await Deno.stdin.read(buffer);
      if (length === null) controller.close();
      else controller.enqueue(buffer.slice(0, length));
    },
  }, { highWaterMark: 0 });
}

/** The terminal that a user sits at. */
export interface ProcessTerminal {
  /** Whether stdin is one. */
  readonly isInput: boolean;
  /** Whether stdout is one. */
  readonly isOutput: boolean;
  /** Whether stderr is one. */
  readonly isError: boolean;
  /** Returns its size, or the usual one if it is unknown. */
  size(): { readonly columns: number; readonly rows: number };
  /** Switches raw mode on or off: each key arrives at once and without an echo. */
  setRaw(isRaw: boolean): void;
  /** The same, except that Ctrl-C still interrupts. Changes nothing on Windows, which cannot do that. */
  setCbreak(isCbreak: boolean): void;
}

/** What is known of the terminal of this process, where it has one. */
export function standardTerminal(): ProcessTerminal {
  return {
    isInput: Deno.stdin.isTerminal(),
    isOutput: Deno.stdout.isTerminal(),
    isError: Deno.stderr.isTerminal(),
    size: () => {
      try {
        const { columns, rows } = Deno.consoleSize();
        // Some pseudo terminals say 0.
        return { columns: columns || 80, rows: rows || 24 };
      } catch {
        return { columns: 80, rows: 24 };
      }
    },
    setRaw: (isRaw) => Deno.stdin.setRaw(isRaw),
    setCbreak: (isCbreak) => {
      if (Deno.build.os !== "windows") Deno.stdin.setRaw(isCbreak, { cbreak: isCbreak });
    },
  };
}
