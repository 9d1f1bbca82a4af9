/**
 * A bound for a whole call. Each wait in it has a deadline of its own; this one is for what those miss.
 *
 * @module
 */
import { ContainariumError } from "../../client/mod.ts";
import { LinkedSignal } from "../../client/internal.ts";
import type { Tool } from "../../tools/mod.ts";

/** How long a call may take. */
export interface CallLimits {
  /** Milliseconds beyond what its arguments ask for. */
  readonly slackMs: number;
  /** Milliseconds that it may clean up for once it is ended; then it is answered all the same. */
  readonly graceMs: number;
}

/** The slack is twice what a read with all its retries may take. */
export const defaultCallLimits: CallLimits = { slackMs: 15 * 60_000, graceMs: 10_000 };

/** Ends a call that overstays. */
export class CallLimit implements Disposable {
  /** Aborts with a `timeout` error if the call overstays, and if one of the callers aborts. */
  readonly signal: AbortSignal;
  readonly #limits: CallLimits;
  readonly #linked: LinkedSignal;
  readonly #continuing: Promise<unknown>[] = [];
  readonly #abandoned = Promise.withResolvers<void>();
  #error: ContainariumError | undefined;
  #allowedMs = 0;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Makes a limit whose time has not started.
   *
   * @param limits How long the call may take
   * @param callers Signals that end the call, too
   */
  constructor(limits: CallLimits, ...callers: readonly AbortSignal[]) {
    this.#limits = limits;
    this.#linked = new LinkedSignal(...callers);
    this.signal = this.#linked.signal;
  }

  /** The error that ended the call, if it overstayed. */
  get error(): ContainariumError | undefined {
    return this.#error;
  }

  /**
   * Runs a call.
   *
   * @returns Its result; `undefined` if it did not end, although its signal was aborted
   */
  async run<T>(
    tool: Tool,
    args: Readonly<Record<string, unknown>>,
    call: () => Promise<T>,
  ): Promise<T | undefined> {
    this.#allowedMs = longestSeconds(tool, args) * 1_000 + this.#limits.slackMs;
    this.#start(tool.name);
    return await Promise.race([call(), this.#abandoned.promise.then(() => undefined)]);
  }

  /** Stops the time while the user is asked, who has a deadline of their own; then it starts anew. */
  async pausedWhile<T>(name: string, ask: () => Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    try {
      return await ask();
    } finally {
      this.#start(name);
    }
  }

  /** Keeps the callers linked to {@linkcode CallLimit.signal} until work that outlives the call has ended. */
  continueAfterAnswer(work: Promise<unknown>): void {
    this.#continuing.push(work);
  }

  #start(name: string): void {
    // What was given up may still ask.
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      const seconds = Math.ceil(this.#allowedMs / 1_000);
      const message = `${name} did not end within ${seconds} s, so this server ended it`;
      this.#error = new ContainariumError("timeout", message);
      this.#linked.abort(this.#error);
      this.#timer = setTimeout(this.#abandoned.resolve, this.#limits.graceMs);
    }, this.#allowedMs);
  }

  /** Stops the time, and lets go of the callers. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.#continuing.length === 0) return this.#linked[Symbol.dispose]();
    Promise.allSettled(this.#continuing).then(() => this.#linked[Symbol.dispose]());
  }
}

/** What the tool says, else all the seconds that the arguments ask for: `wait_seconds` and its like. */
function longestSeconds(tool: Tool, args: Readonly<Record<string, unknown>>): number {
  return tool.longestSeconds?.(args) ?? Object.entries(args)
    .map(([name, value]) => name.endsWith("_seconds") && typeof value === "number" ? value : 0)
    .reduce((sum, seconds) => sum + seconds, 0);
}
