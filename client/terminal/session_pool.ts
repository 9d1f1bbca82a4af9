import { InFlightLimit } from "../async/in_flight.ts";
import type { AgentSession } from "./agent_session.ts";

/** Maximum connections for commands per container; others wait. */
const MAX_CONNECTIONS = 4;

/** Sessions of one container: those in use, and idle ones for the next command. */
export class SessionPool {
  readonly #open: (signal: AbortSignal) => Promise<AgentSession>;
  readonly #idleMs: number;
  readonly #limit = new InFlightLimit(MAX_CONNECTIONS);
  readonly #idle = new Map<AgentSession, ReturnType<typeof setTimeout>>();
  readonly #all = new Set<AgentSession>();

  /**
   * @param open Opens a session
   * @param idleMs Milliseconds until an idle session is closed
   */
  constructor(open: (signal: AbortSignal) => Promise<AgentSession>, idleMs: number) {
    this.#open = open;
    this.#idleMs = idleMs;
  }

  /**
   * Runs a task with exclusive use of a session.
   *
   * @throws The error of opening or of the task, or the signal's reason
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

  /** Ends all sessions. */
  async close(): Promise<void> {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    await Promise.all([...this.#all].map((session) => session.close()));
  }

  /** Asks all sessions to end, without waiting. */
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

  /** Takes the session that was used last. */
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
