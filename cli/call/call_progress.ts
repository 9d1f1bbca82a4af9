/**
 * What a user sees of a call that takes long: a bar on a terminal, lines elsewhere if they want them.
 *
 * @module
 */

/** Shows how far a call is. */
export interface CallProgress {
  /** Takes progress. `total` is absent if it is unknown. */
  report(done: number, total: number | undefined, message: string): void;
  /** Removes what it shows, so that something else can be written. It comes back with the next report. */
  clear(): void;
}

/** Shows nothing. */
export const noProgress: CallProgress = { report: () => {}, clear: () => {} };

/** Writes a line for each new message. */
export function progressLines(write: (text: string) => void): CallProgress {
  let last = "";
  return {
    report: (done, total, message) => {
      if (message === last) return;
      last = message;
      write(`${total === undefined ? "" : `${Math.floor(done)}/${total} `}${message}\n`);
    },
    clear: () => {},
  };
}

/** Columns besides the message: the bar, the numbers, blanks. */
const BESIDE_MESSAGE = 36;

/** Shows a bar in place. */
export async function progressBar(
  write: (text: string) => void,
  columns: number,
): Promise<CallProgress> {
  // @ts-types="./cli_progress.d.ts"
  const { default: progress } = await import("cli-progress");
  let bar: InstanceType<typeof progress.SingleBar> | undefined;
  const shownChars = Math.max(10, columns - BESIDE_MESSAGE);
  const start = (total: number, message: string) => {
    const started = new progress.SingleBar({
      format: "{bar} {progress} {message}",
      barsize: 20,
      barCompleteChar: "#",
      barIncompleteChar: "-",
      hideCursor: true,
      clearOnComplete: true,
      stream: { write, isTTY: true },
      // Not its own: it would listen for signals itself.
      gracefulExit: false,
    });
    started.start(total, 0, { progress: "", message });
    return started;
  };
  return {
    report: (done, total, message) => {
      const cut = message.slice(0, shownChars);
      bar ??= start(total ?? 1, cut);
      bar.setTotal(total ?? 1);
      const numbers = total === undefined ? "" : `${Math.floor(done)}/${total}`;
      bar.update(total === undefined ? 0 : Math.min(done, total), {
        progress: numbers,
        message: cut,
      });
    },
    clear: () => {
      bar?.stop();
      bar = undefined;
    },
  };
}
