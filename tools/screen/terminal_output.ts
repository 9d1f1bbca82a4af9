import type { Clock } from "./clock.ts";
import type { Screen } from "./screen.ts";

/** A terminal that prints more than this between two views is ended: it would keep this process busy. */
const MAX_UNSEEN = 64_000_000;

/** What a terminal prints, and when. */
export class TerminalOutput {
  /** Called when a terminal has printed too much between two views. */
  onFlood: () => void = () => {};
  /** Screen that shows it. */
  readonly screen: Screen;
  readonly #clock: Clock;
  /** Counts what was printed. */
  #pieces = 0;
  #lastAt = -Infinity;
  #changed = Promise.withResolvers<void>();
  #endReason: string | undefined;
  #unseen = 0;

  /** @param screen Screen that shows the output */
  constructor(screen: Screen, clock: Clock) {
    this.screen = screen;
    this.#clock = clock;
  }

  /** Number of pieces so far. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Time of the last piece, by the clock. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Why the output has ended, if it has. */
  get endReason(): string | undefined {
    return this.#endReason;
  }

  /** Resolves at the next piece or at the end. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Adds a piece. */
  print(text: string): void {
    if (this.#endReason !== undefined) return;
    this.#unseen += text.length;
    if (this.#unseen > MAX_UNSEEN) {
      this.end("It printed over 64 million characters between two calls, so it was closed");
      return this.onFlood();
    }
    this.screen.write(text);
    this.#pieces++;
    this.#lastAt = this.#clock.now();
    this.#notify();
  }

  /** Resets the limit when somebody views the terminal. */
  seen(): void {
    this.#unseen = 0;
    this.screen.allowReplies();
  }

  /** Ends the output. */
  end(reason: string): void {
    this.#endReason ??= reason;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
