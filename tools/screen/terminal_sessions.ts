import { ContainariumError, type ContainerTerminal } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Exchange, TerminalSession, type View } from "./terminal_session.ts";

/** Maximum number of open terminals per conversation. */
export const MAX_OPEN = 8;
/** How long a terminal may be idle before it is closed. */
export const IDLE_MS = 10 * 60_000;
/** Number of ended terminals whose end is remembered. */
const MAX_REMEMBERED = 100;

interface Entry {
  readonly session: TerminalSession;
  /** Number of exchanges in progress. */
  users: number;
  stopIdling: () => void;
}

/** The open terminals of one conversation. */
export class Sessions {
  readonly #ended: AbortSignal;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #endReasons = new Map<string, string>();
  #opening = 0;

  /**
   * @param ended Aborts when the conversation ends
   * @param clock Measures idle time
   */
  constructor(ended: AbortSignal, clock: Clock = systemClock) {
    this.#ended = ended;
    this.#clock = clock;
    ended.addEventListener("abort", () => {
      for (const id of this.#entries.keys()) this.#drop(id, "the conversation has ended");
    }, { once: true });
  }

  /** IDs of the open terminals. */
  get open(): readonly string[] {
    return [...this.#entries].filter(([, { session }]) => session.endReason === undefined)
      .map(([id]) => id);
  }

  /**
   * Opens a terminal and returns its ID.
   *
   * @throws {ContainariumError} `resource_exhausted` if there are too many; otherwise as `terminal.open`
   */
  async add(
    terminal: ContainerTerminal,
    username: string,
    size: { readonly cols: number; readonly rows: number },
    signal: AbortSignal,
  ): Promise<string> {
    if (this.open.length + this.#opening >= MAX_OPEN) {
      throw new ContainariumError(
        "resource_exhausted",
        `${MAX_OPEN} terminals are open, which is the maximum; close one with close_terminal first ` +
          `(${this.open.join(", ")})`,
      );
    }
    this.#opening++;
    try {
      const session = await TerminalSession.open(terminal, username, size, signal, this.#clock);
      const id = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
      const entry = { session, users: 0, stopIdling: () => {} };
      this.#entries.set(id, entry);
      if (this.#ended.aborted) this.#drop(id, "the conversation has ended");
      else this.#idle(id, entry);
      return id;
    } finally {
      this.#opening--;
    }
  }

  /**
   * Returns the owner of the container that a terminal is in.
   *
   * @throws {ContainariumError} If there is no such terminal (any more)
   */
  usernameOf(id: string): string {
    return this.#entry(id).session.username;
  }

  /** Whether its program switched the arrow keys to application mode. */
  hasApplicationCursor(id: string): boolean {
    return this.#entry(id).session.hasApplicationCursor;
  }

  /**
   * Types, waits, and returns the screen. A terminal that has ended can be viewed once more.
   *
   * @throws {ContainariumError} If there is no such terminal (any more)
   */
  async exchange(id: string, exchange: Exchange): Promise<View> {
    const entry = this.#entry(id);
    const { session } = entry;
    if (session.endReason !== undefined && exchange.strokes.length > 0) {
      this.#drop(id, session.endReason);
      throw ended(id, session.endReason);
    }
    entry.stopIdling();
    entry.users++;
    try {
      const view = await session.exchange(exchange);
      if (view.endReason !== undefined) this.#drop(id, view.endReason);
      return view;
    } finally {
      entry.users--;
      if (entry.users === 0 && this.#entries.has(id)) this.#idle(id, entry);
    }
  }

  /**
   * Closes a terminal. Returns why it had ended, if it had.
   *
   * @throws {ContainariumError} `invalid_argument` if there never was such a terminal
   */
  async close(id: string): Promise<string | undefined> {
    const known = this.#endReasons.get(id);
    if (known !== undefined) return known;
    const { session } = this.#entry(id);
    const { endReason } = session;
    this.#forget(id, endReason ?? "close_terminal closed it");
    await session.close();
    return endReason;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    const reason = this.#endReasons.get(id);
    if (reason !== undefined) throw ended(id, reason);
    const open = this.open.length === 0 ? "none is open" : `open: ${this.open.join(", ")}`;
    throw new ContainariumError(
      "invalid_argument",
      `There is no terminal "${visible(id)}" (${open}); open_terminal opens one`,
    );
  }

  #idle(id: string, entry: Entry): void {
    entry.stopIdling = this.#clock.after(
      IDLE_MS,
      () => this.#drop(id, "it was idle for 10 minutes"),
    );
  }

  #drop(id: string, reason: string): void {
    const session = this.#forget(id, reason);
    // No caller is left to report to. If closing fails, the agent exits by itself without a heartbeat.
    session?.close().catch(() => {});
  }

  #forget(id: string, reason: string): TerminalSession | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    entry.stopIdling();
    this.#entries.delete(id);
    this.#endReasons.set(id, reason);
    const [oldest] = this.#endReasons.keys();
    if (this.#endReasons.size > MAX_REMEMBERED && oldest !== undefined) {
      this.#endReasons.delete(oldest);
    }
    return entry.session;
  }
}

function ended(id: string, reason: string): ContainariumError {
  return new ContainariumError(
    "failed_precondition",
    `Terminal ${id} has ended: ${visible(reason)}. open_terminal opens another`,
  );
}

/** Returns the terminals of a conversation, which keeps them from the first use on. */
export function sessionsOf(
  conversation: { readonly ended: AbortSignal; terminals?: Sessions },
): Sessions {
  return conversation.terminals ??= new Sessions(conversation.ended);
}
