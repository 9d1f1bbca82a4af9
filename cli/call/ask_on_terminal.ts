import { within } from "../../client/internal.ts";
import type { ProcessTerminal } from "../../server/stdio/standard_streams.ts";
import type { ConsentQuestion } from "../../tools/mod.ts";

/** Where a question is put. */
export interface AskOptions {
  /** What the user types. */
  readonly input: ReadableStream<Uint8Array>;
  /** Where they type it. */
  readonly terminal: Pick<ProcessTerminal, "setCbreak">;
  /** Writes the question. */
  readonly write: (text: string) => void;
  /** Withdraws it. */
  readonly signal: AbortSignal;
}

const MAX_ANSWER_CHARS = 1_000;
/** Milliseconds without a key after which nothing is left that was typed before. */
const QUIET_MS = 100;
/** Tasks for the threads that also read: on a busy machine these begin late. */
const BEHIND_A_READ = 3;

/** A read of the input. */
interface Reading {
  readonly result: Promise<ReadableStreamReadResult<Uint8Array>>;
}

/**
 * Asks the user; only `y` and `yes` agree, and not the Enter key alone. What was typed before the
 * question is no answer to it.
 *
 * @throws The signal's reason when it is withdrawn
 */
export async function askOnTerminal(
  { message, confirm }: ConsentQuestion,
  { input, terminal, write, signal }: AskOptions,
): Promise<boolean> {
  const reader = input.getReader();
  const { promise: withdrawn, reject } = Promise.withResolvers<never>();
  const withdraw = () => reject(signal.reason);
  signal.addEventListener("abort", withdraw);
  // Nobody may wait for the answer yet.
  withdrawn.catch(() => {});
  try {
    let reading = await dropTypedAhead(reader, terminal, signal);
    signal.throwIfAborted();
    write(`${message}\n${confirm}? [y/N] `);
    const decoder = new TextDecoder();
    let line = "";
    for (;;) {
      const { done, value } = await Promise.race([reading.result, withdrawn]);
      if (done) break;
      line += decoder.decode(value, { stream: true });
      if (line.includes("\n") || line.length >= MAX_ANSWER_CHARS) break;
      reading = { result: reader.read() };
    }
    return /^(?:y|yes)$/i.test(line.split("\n", 1)[0]?.trim() ?? "");
  } finally {
    signal.removeEventListener("abort", withdraw);
    // A read that is pending keeps the lock; the process ends soon.
    reader.cancel().catch(() => {});
  }
}

/**
 * Reads what was typed so far, half a line included: hence cbreak. There is no call that empties a
 * terminal's queue.
 *
 * @returns The read that the answer comes with
 */
async function dropTypedAhead(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  terminal: AskOptions["terminal"],
  signal: AbortSignal,
): Promise<Reading> {
  terminal.setCbreak(true);
  try {
    for (;;) {
      const result = reader.read();
      const isQuiet = await Promise.race([result.then(({ done }) => done), quiet(result, signal)]);
      if (isQuiet) return { result };
    }
  } finally {
    terminal.setCbreak(false);
  }
}

/** Resolves to true once a read has had the time to find what is there. */
async function quiet(read: Promise<unknown>, signal: AbortSignal): Promise<true> {
  await within(read, QUIET_MS, signal);
  for (let task = 0; task < BEHIND_A_READ; task++) {
    await crypto.subtle.digest("SHA-256", new Uint8Array());
  }
  return true;
}
