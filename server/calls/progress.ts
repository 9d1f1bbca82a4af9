/** One progress notification's content. */
export interface ProgressReport {
  /** How far, always more than before. */
  readonly progress: number;
  /** How far it goes, if known. */
  readonly total?: number | undefined;
  /** What is happening. */
  readonly message: string;
}

/** How progress is reported. */
export interface ProgressOptions {
  /** Sends one notification. */
  readonly send: (report: ProgressReport) => void;
  /** Repeat the last report when nothing was said for so many milliseconds. */
  readonly heartbeatMs: number;
}

/** A repeat counts so much of one step: hours of repeats stay below the next step. */
const HEARTBEAT_STEP = 1e-5;
/** So many reports go out at once; then one each interval, the newest. */
const BURST = 20;
const INTERVAL_MS = 250;
const MAX_MESSAGE_CHARS = 1_000;

/**
 * Sends progress notifications of a call: each report as it comes, a few a second where many come, and the
 * last one again while there is nothing new, so that a client that relies on progress does not give up.
 * Values increase, as the specification demands; the last report is always sent.
 */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  #last: ProgressReport = { progress: 0, message: "Working" };
  /** Held back, until there is room for another. */
  #held: ProgressReport | undefined;
  #room = BURST;
  #refill: ReturnType<typeof setInterval> | undefined;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #heardAt = performance.now();
  #isOver = false;

  /** @param options How it is reported */
  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#repeat(), options.heartbeatMs / 2);
  }

  /** Reports that `done` of `total` is done. */
  report(done: number, total: number | undefined, message: string): void {
    // Work that was given up may still report; the specification wants silence after the answer.
    if (this.#isOver) return;
    const progress = Math.max(done, this.#last.progress + HEARTBEAT_STEP);
    this.#last = {
      progress,
      message: message.slice(0, MAX_MESSAGE_CHARS),
      total,
    };
    this.#refill ??= setInterval(() => this.#makeRoom(), INTERVAL_MS);
    this.#held = this.#last;
    if (this.#room > 0) this.#sendHeld();
  }

  #makeRoom(): void {
    this.#room++;
    if (this.#held !== undefined) this.#sendHeld();
    if (this.#room < BURST) return;
    clearInterval(this.#refill);
    this.#refill = undefined;
  }

  #repeat(): void {
    if (performance.now() - this.#heardAt < this.#options.heartbeatMs / 2) return;
    this.#last = { ...this.#last, progress: this.#last.progress + HEARTBEAT_STEP };
    this.#held = this.#last;
    this.#sendHeld();
  }

  #sendHeld(): void {
    const report = this.#held;
    if (report === undefined) return;
    this.#held = undefined;
    this.#room--;
    this.#heardAt = performance.now();
    this.#options.send(report);
  }

  /** Sends what is held back, and says no more. */
  [Symbol.dispose](): void {
    this.#sendHeld();
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    clearInterval(this.#refill);
  }
}
