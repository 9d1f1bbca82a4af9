import type { ConsentQuestion } from "../../tools/mod.ts";

/** Where a question is put. */
export interface AskOptions {
  /** What the user types. */
  readonly input: ReadableStream<Uint8Array>;
  /** Writes the question. */
  readonly write: (text: string) => void;
  /** Withdraws it. */
  readonly signal: AbortSignal;
}

const MAX_ANSWER_CHARS = 1_000;

/**
 * Asks the user; only `y` and `yes` agree, and not the Enter key alone.
 *
 * @throws The signal's reason when it is withdrawn
 */
export async function askOnTerminal(
  { message, confirm }: ConsentQuestion,
  { input, write, signal }: AskOptions,
): Promise<boolean> {
  write(`${message}\n${confirm}? [y/N] `);
  const reader = input.getReader();
  const { promise: withdrawn, reject } = Promise.withResolvers<never>();
  const withdraw = () => reject(signal.reason);
  signal.addEventListener("abort", withdraw);
  try {
    signal.throwIfAborted();
    const decoder = new TextDecoder();
    let line = "";
    while (!line.includes("\n") && line.length < MAX_ANSWER_CHARS) {
      const { done, value } = await Promise.race([reader.read(), withdrawn]);
      if (done) break;
      line += decoder.decode(value, { stream: true });
    }
    return /^(?:y|yes)$/i.test(line.split("\n", 1)[0]?.trim() ?? "");
  } finally {
    signal.removeEventListener("abort", withdraw);
    // A read that is pending keeps the lock; the process ends soon.
    reader.cancel().catch(() => {});
  }
}
