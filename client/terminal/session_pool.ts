import { InFlightLimit } from "../async/in_flight.ts";
import type { AgentSession } from "./agent_session.ts";

/** Maximum connections for commands per container; others wait. */
const MAX_CONNECTIONS = 4;

/** Time limits of a `SessionPool`. */
export interface PoolTimes {
  /** Milliseconds until an idle session is closed. */
  readonly idleMs: number;
  /** Milliseconds for which a silent session is trusted; after that it has to answer a probe first. */
  readonly trustMs: number;
  /** Milliseconds to answer a probe. */
  readonly probeMs: number;
}

/** Sessions of one container: those in use, and idle ones for the next command. */
export class SessionPool {
  readonly #open: (signal: AbortSignal) => Promise<AgentSession>;
  readonly #times: PoolTimes;
  readonly #limit = new InFlightLimit(MAX_CONNECTIONS);
  readonly #idle = new Map<AgentSession, ReturnType<typeof setTimeout>>();
  readonly #all = new Set<AgentSession>();
  /** Sessions that are not used for another command. */
  readonly #retired = new WeakSet<AgentSession>();
  #retirements = 0;

  /** @param open Opens a session */
  constructor(open: (signal: AbortSignal) => Promise<AgentSession>, times: PoolTimes) {
    this.#open = open;
    this.#times = times;
  }

  /**
   * Runs a task with exclusive use of a session.
   *
   * @throws The error of opening or of the task, or the signal's reason
   */
  use<T>(task: (session: AgentSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#limit.run(async () => {
      const session = await this.#takeLive(signal) ?? await this.#add(signal);
      try {
        return await task(session);
      } finally {
        this.#giveBack(session);
      }
    }, signal);
  }

  /** Uses no present session for another command: the container that they lead to may be gone. */
  retire(): void {
    this.#retirements++;
    for (const session of this.#all) this.#retired.add(session);
    this.#closeIdle(() => true);
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
    for (;;) {
      const retirements = this.#retirements;
      const session = await this.#open(signal);
      this.#all.add(session);
      session.dropped.then(() => {
        this.#all.delete(session);
        this.#forget(session);
      });
      if (retirements === this.#retirements) return session;
      // It may lead to what the container was when the opening began.
      session.close();
    }
  }

  /** Takes an idle session that works, if there is one. */
  async #takeLive(signal: AbortSignal): Promise<AgentSession | undefined> {
    const session = this.#takeIdle();
    if (session === undefined) return undefined;
    if (this.#isTrusted(session)) return session;
    const isLive = await session.answers(this.#times.probeMs, signal);
    if (isLive && !this.#retired.has(session)) return session;
    session.close();
    signal.throwIfAborted();
    // The others lead to the same place, and probing each would take too long.
    if (!isLive) this.#closeIdle((other) => !this.#isTrusted(other));
    return this.#takeIdle();
  }

  #isTrusted({ heardAt }: AgentSession): boolean {
    return performance.now() - heardAt <= this.#times.trustMs;
  }

  #closeIdle(isMeant: (session: AgentSession) => boolean): void {
    for (const session of [...this.#idle.keys()].filter(isMeant)) {
      this.#forget(session);
      session.close();
    }
  }

  /** Takes the session that was used last. */
  #takeIdle(): AgentSession | undefined {
    const found = [...this.#idle.keys()].findLast((session) => session.isUsable);
    if (found !== undefined) this.#forget(found);
    return found;
  }

  #giveBack(session: AgentSession): void {
    if (!session.isUsable || this.#retired.has(session)) {
      session.close();
      return;
    }
    const timer = setTimeout(() => {
      this.#idle.delete(session);
      session.close();
    }, this.#times.idleMs);
    Deno.unrefTimer(timer);
    this.#idle.set(session, timer);
  }

  #forget(session: AgentSession): void {
    clearTimeout(this.#idle.get(session));
    this.#idle.delete(session);
  }
}
