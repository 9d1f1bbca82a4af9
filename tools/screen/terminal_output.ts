import type { Clock } from "./clock.ts";
import type { Screen } from "./screen.ts";

/** A terminal that prints more while nobody looks is ended: it keeps this process busy for nothing. */
const MAX_UNSEEN = 64_000_000;

/** What a terminal prints, and when. */
export class TerminalOutput {
  /** Called when a terminal printed more than anyone will look at. */
  onFlood: () => void = () => {};
  /** What it shows. */
  readonly screen: Screen;
  readonly #clock: Clock;
  /** Counts what was printed. */
  #pieces = 0;
  #lastAt = -Infinity;
  #changed = Promise.withResolvers<void>();
  #endReason: string | undefined;
  #unseen = 0;

  /** @param screen What it is shown on */
  constructor(screen: Screen, clock: Clock) {
    this.screen = screen;
    this.#clock = clock;
  }

  /** How many pieces were printed. */
  get pieces(): number {
    return this.#pieces;
  }

  /** When the last one was, by the clock. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Why nothing more will come. */
  get endReason(): string | undefined {
    return this.#endReason;
  }

  /** Resolves at the next piece, or at the end. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Takes a piece. */
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
    this.#tell();
  }

  /** Notes that someone looks. */
  seen(): void {
    this.#unseen = 0;
    this.screen.allowReplies();
  }

  /** Nothing more will come. */
  end(reason: string): void {
    this.#endReason ??= reason;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
