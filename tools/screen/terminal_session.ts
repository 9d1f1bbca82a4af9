import type { ContainerTerminal, Shell } from "../../client/mod.ts";
import { type Clock, pause, waitAtMost } from "./clock.ts";
import { Echo } from "./echo.ts";
import { TerminalOutput } from "./terminal_output.ts";
import { escapePauseMs } from "./keys.ts";
import { isIn, type Pattern } from "./wait_pattern.ts";
import { type Cursor, type Mark, Screen, type Scrolled } from "./screen.ts";

/** After this long without output, a program counts as waiting. */
const QUIET_MS = 300;
/** How long to wait for the rest of the line after a match. */
const FOUND_QUIET_MS = 100;
const MAX_FOUND_MS = 500;
/** Minimum interval between searches of fast output. */
const LOOK_EVERY_MS = 40;

/** What to type and what to wait for. */
export interface Exchange {
  /** Typed in order, with a pause after each that ends with Escape. */
  readonly strokes: readonly string[];
  /** Pattern to wait for; absent: until there is no more output. */
  readonly waitFor: Pattern | undefined;
  /** Maximum wait in milliseconds. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** What a terminal shows after an exchange. */
export interface View {
  /** Text of its screen. */
  readonly text: string;
  /** Cursor position. */
  readonly cursor: Cursor;
  /** Whether a program uses the alternate screen. */
  readonly isFullScreen: boolean;
  /** What has scrolled off it since the last view. */
  readonly scrolled: Scrolled;
  /** Number of characters that came too fast to be shown. */
  readonly skipped: number;
  /** Whether the pattern was found; `undefined` without a pattern. */
  readonly isFound: boolean | undefined;
  /** Why the terminal has ended, if it has. */
  readonly endReason: string | undefined;
}

/** An interactive shell in a container and its screen. */
export class TerminalSession {
  /** Owner of its container. */
  readonly username: string;
  readonly #shell: Shell;
  readonly #feed: TerminalOutput;
  readonly #clock: Clock;
  /** What the last view showed. */
  #viewed: Mark;
  /** Number of pieces printed until then. */
  #viewedPieces = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(username: string, shell: Shell, feed: TerminalOutput, clock: Clock) {
    this.#clock = clock;
    this.username = username;
    this.#shell = shell;
    this.#feed = feed;
    this.#viewed = feed.screen.mark();
    shell.ended.then((reason) => feed.end(reason));
    feed.onFlood = () => void shell.close();
  }

  /**
   * Opens a shell.
   *
   * @throws {ContainariumError} As `terminal.open`
   */
  static async open(
    terminal: ContainerTerminal,
    username: string,
    size: { readonly cols: number; readonly rows: number },
    signal: AbortSignal,
    clock: Clock,
  ): Promise<TerminalSession> {
    const opened = Promise.withResolvers<Shell>();
    // Replies to queries that come before the shell is known are sent once it is.
    const reply = (text: string) => void opened.promise.then((shell) => shell.send(text));
    const feed = new TerminalOutput(await Screen.open({ ...size, reply }), clock);
    const shell = await terminal.open({
      ...size,
      signal,
      onOutput: (text) => feed.print(text),
    });
    opened.resolve(shell);
    return new TerminalSession(username, shell, feed, clock);
  }

  /** Why it has ended, if it has. */
  get endReason(): string | undefined {
    return this.#feed.endReason;
  }

  /** Whether the program switched the arrow keys to application mode. */
  get hasApplicationCursor(): boolean {
    return this.#feed.screen.hasApplicationCursor;
  }

  /**
   * Types, waits, and returns the screen; exchanges run one after the other.
   *
   * @throws {ContainariumError} `invalid_argument` for a regular expression that takes too long
   * @throws The signal's reason, as soon as it is aborted
   */
  exchange(exchange: Exchange): Promise<View> {
    const view = this.#turn.then(() => this.#exchange(exchange));
    this.#turn = view.catch(() => {});
    return view;
  }

  /** Ends the shell and whatever runs in it. */
  async close(): Promise<void> {
    await this.#shell.close();
  }

  async #exchange({ strokes, waitFor, waitMs, signal }: Exchange): Promise<View> {
    signal.throwIfAborted();
    const { screen } = this.#feed;
    this.#feed.seen();
    await screen.settled();
    // After typing, only later output is a response.
    const from = strokes.length === 0 ? this.#viewed : screen.mark();
    const pieces = strokes.length === 0 ? this.#viewedPieces : this.#feed.pieces;
    await this.#type(strokes, signal);
    const until = this.#clock.now() + waitMs;
    let isFound: boolean | undefined;
    if (waitFor === undefined) await this.#quiet(pieces, QUIET_MS, until, signal);
    else isFound = await this.#found(waitFor, from, new Echo(strokes.join("")), until, signal);
    if (isFound === true) {
      const soon = Math.min(until, this.#clock.now() + MAX_FOUND_MS);
      await this.#quiet(-1, FOUND_QUIET_MS, soon, signal);
    }
    return await this.#view(isFound);
  }

  async #type(strokes: readonly string[], signal: AbortSignal): Promise<void> {
    for (const stroke of strokes) {
      if (this.endReason !== undefined) return;
      this.#shell.send(stroke);
      if (stroke.endsWith("\x1b")) await pause(this.#clock, escapePauseMs, signal);
    }
  }

  /** Waits for the first new piece, then until there is no more output. */
  async #quiet(
    pieces: number,
    quietMs: number,
    until: number,
    signal: AbortSignal,
  ): Promise<void> {
    const begunAt = this.#clock.now();
    while (this.endReason === undefined) {
      const { changed, lastAt } = this.#feed;
      const quietAt = this.#feed.pieces > pieces ? Math.max(lastAt, begunAt) + quietMs : Infinity;
      const left = Math.min(quietAt, until) - this.#clock.now();
      if (left <= 0) return;
      await waitAtMost(this.#clock, changed, left, signal);
    }
  }

  async #found(
    pattern: Pattern,
    from: Mark,
    echo: Echo,
    until: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { screen } = this.#feed;
    for (;;) {
      const { changed, endReason } = this.#feed;
      await screen.settled();
      if (await isIn(screen.newSince(from, echo), pattern)) return true;
      const left = until - this.#clock.now();
      if (left <= 0 || endReason !== undefined) return false;
      await waitAtMost(this.#clock, changed, left, signal);
      await pause(this.#clock, Math.min(LOOK_EVERY_MS, left), signal);
    }
  }

  async #view(isFound: boolean | undefined): Promise<View> {
    const { screen, endReason, pieces } = this.#feed;
    await screen.settled();
    const scrolled = screen.scrolledSince(this.#viewed);
    this.#viewed = screen.mark();
    this.#viewedPieces = pieces;
    const { text, cursor, isFullScreen } = screen;
    return {
      text,
      cursor,
      isFullScreen,
      scrolled,
      skipped: screen.takeSkipped(),
      isFound,
      endReason,
    };
  }
}
