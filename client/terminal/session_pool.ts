import { InFlightLimit } from "../async/in_flight.ts";
import type { AgentSession } from "./agent_session.ts";

/** How many connections for commands a container gets; more wait. */
const MOST = 4;

/** The sessions of one container: those in use, and those that are kept for the next command. */
export class SessionPool {
  readonly #open: (signal: AbortSignal) => Promise<AgentSession>;
  readonly #idleMs: number;
  readonly #limit = new InFlightLimit(MOST);
  readonly #idle = new Map<AgentSession, ReturnType<typeof setTimeout>>();
  readonly #all = new Set<AgentSession>();

  /**
   * @param open Opens one more
   * @param idleMs Milliseconds until one that nobody uses is closed
   */
  constructor(open: (signal: AbortSignal) => Promise<AgentSession>, idleMs: number) {
    this.#open = open;
    this.#idleMs = idleMs;
  }

  /**
   * Does something with a session that nobody else uses meanwhile.
   *
   * @throws What opening or the task throws, or the signal's reason
   */
  use<T>(task: (session: AgentSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#limit.run(async () => {
      const session = this.#takeIdle() ?? await this.#add(signal);
      try {
        return await task(session);
      } finally {
        this.#giveBack(session);
      }
    }, signal);
  }

  /** Ends them all. */
  async close(): Promise<void> {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    await Promise.all([...this.#all].map((session) => session.close()));
  }

  /** Tells them all to end, and does not wait. */
  letGo(): void {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    for (const session of this.#all) session.letGo();
  }

  async #add(signal: AbortSignal): Promise<AgentSession> {
    const session = await this.#open(signal);
    this.#all.add(session);
    session.dropped.then(() => {
      this.#all.delete(session);
      this.#forget(session);
    });
    return session;
  }

  /** The one that was used last. */
  #takeIdle(): AgentSession | undefined {
    const found = [...this.#idle.keys()].findLast((session) => session.isUsable);
    if (found !== undefined) this.#forget(found);
    return found;
  }

  #giveBack(session: AgentSession): void {
    if (!session.isUsable) {
      session.close();
      return;
    }
    const timer = setTimeout(() => {
      this.#idle.delete(session);
      session.close();
    }, this.#idleMs);
    Deno.unrefTimer(timer);
    this.#idle.set(session, timer);
  }

  #forget(session: AgentSession): void {
    clearTimeout(this.#idle.get(session));
    this.#idle.delete(session);
  }
}
