import type { AgentSession } from "./agent_session.ts";
import { settled } from "../async/deadline.ts";

/**
 * Looks after the interactive shells of one container: a shell does not notice that nobody is at the
 * other end any more, so an agent in the container ends it when we fall silent. One agent has them all
 * in its care, and is there as long as one of them is.
 */
export class Watchdog {
  readonly #open: () => Promise<AgentSession>;
  #opening: Promise<AgentSession> | undefined;
  #session: AgentSession | undefined;
  #users = 0;

  /** @param open Starts an agent */
  constructor(open: () => Promise<AgentSession>) {
    this.#open = open;
  }

  /**
   * An agent that stays until `leave`.
   *
   * @throws What opening throws, or the signal's reason
   */
  async join(signal: AbortSignal): Promise<AgentSession> {
    this.#users++;
    try {
      if (this.#session?.isUsable) return this.#session;
      this.#opening ??= this.#start();
      const opening = this.#opening;
      await settled(opening, signal);
      signal.throwIfAborted();
      return await opening;
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  /** Ends the agent when nobody is left. */
  async leave(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** Ends the agent and the shells in its care. */
  async close(): Promise<void> {
    await this.#session?.close();
  }

  /** Tells the agent to end, and does not wait. */
  letGo(): void {
    this.#session?.letGo();
  }

  async #start(): Promise<AgentSession> {
    try {
      const session = await this.#open();
      // Whoever asked for it may have gone meanwhile.
      if (this.#users === 0) session.close();
      else this.#session = session;
      return session;
    } finally {
      this.#opening = undefined;
    }
  }
}
