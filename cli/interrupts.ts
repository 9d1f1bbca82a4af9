import { exit } from "./process.ts";

/** The exit code of what the user interrupts. */
export const INTERRUPTED = 130;

/**
 * Aborts when the user presses Ctrl-C, or when somebody asks the process to end; the second time, the
 * process ends at once.
 */
export class Interrupts implements Disposable {
  readonly #controller = new AbortController();
  readonly #onSignal = () => {
    if (this.#controller.signal.aborted) {
      this.#beforeExit();
      exit(INTERRUPTED);
    }
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
