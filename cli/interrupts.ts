import { exit } from "./process.ts";

const SAME_PRESS_MS = 200;

/** The exit code of what the user interrupts. */
export const INTERRUPTED = 130;

/**
 * Aborts when the user presses Ctrl-C, or when somebody asks the process to end; the second time, the
 * process ends at once.
 */
export class Interrupts implements Disposable {
  readonly #controller = new AbortController();
  #firstAt = 0;
  readonly #onSignal = () => {
    if (this.#controller.signal.aborted) {
      // One Ctrl-C comes twice where another program started this one, and passes it on.
      if (performance.now() - this.#firstAt < SAME_PRESS_MS) return;
      this.#beforeExit();
      exit(INTERRUPTED);
    }
    this.#firstAt = performance.now();
    this.#controller.abort(new DOMException("The user interrupted it", "AbortError"));
  };
  readonly #beforeExit: () => void;

  /** @param beforeExit Called before the process ends at once: puts the terminal back as it was */
  constructor(beforeExit: () => void = () => {}) {
    this.#beforeExit = beforeExit;
    for (const name of signals) Deno.addSignalListener(name, this.#onSignal);
  }

  /** Aborts when the user interrupts. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Listens no more. */
  [Symbol.dispose](): void {
    for (const name of signals) Deno.removeSignalListener(name, this.#onSignal);
  }
}

/** Windows has no others. */
const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];
