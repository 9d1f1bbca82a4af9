/** One progress notification's content. */
export interface ProgressReport {
  /** How far, always more than before. */
  readonly progress: number;
  /** How far it goes, if known. */
  readonly total?: number;
  /** What is happening. */
  readonly message: string;
}

/** How progress is told. */
export interface ProgressOptions {
  /** Sends one notification. */
  readonly send: (report: ProgressReport) => void;
  /** Repeat the last report when nothing was said for so many milliseconds. */
  readonly heartbeatMs: number;
}

/** A repeat counts so much of one step: hours of repeats stay below the next step. */
const HEARTBEAT_STEP = 1e-5;

/**
 * Tells how far a call is: each report as it comes, and the last one again while nothing is heard,
 * so that a client that counts on progress does not give up. Values rise, as the specification
 * demands.
 */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  #last: ProgressReport = { progress: 0, message: "Working" };
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #heardAt = performance.now();
  #isOver = false;

  /** @param options How it is told */
  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#repeat(), options.heartbeatMs / 2);
  }

  /** Tells that `done` of `total` is done. */
  report(done: number, total: number | undefined, message: string): void {
    const progress = Math.max(done, this.#last.progress + HEARTBEAT_STEP);
    this.#send({ progress, message, ...(total === undefined ? {} : { total }) });
  }

  #repeat(): void {
    if (performance.now() - this.#heardAt < this.#options.heartbeatMs / 2) return;
    this.#send({ ...this.#last, progress: this.#last.progress + HEARTBEAT_STEP });
  }

  #send(report: ProgressReport): void {
    // Work that was given up may still report; the specification wants silence after the answer.
    if (this.#isOver) return;
    this.#last = report;
    this.#heardAt = performance.now();
    this.#options.send(report);
  }

  /** Says no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    this.#isOver = true;
  }
}
