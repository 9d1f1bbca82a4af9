import type { AgentSession } from "./agent_session.ts";
import { settled } from "../async/deadline.ts";

/**
 * Ends the interactive shells of one container when this client disappears: a shell does not notice
 * a lost connection, so an agent in the container ends it after a time without heartbeat. One agent
 * serves all shells, as long as there are any.
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
   * Returns an agent that stays until `leave`.
   *
   * @throws The error of starting it, or the signal's reason
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

  /** Ends the agent when the last shell is gone. */
  async leave(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** Ends the agent and its shells. */
  async close(): Promise<void> {
    await this.#session?.close();
  }

  /** Asks the agent to end, without waiting. */
  letGo(): void {
    this.#session?.letGo();
  }

  async #start(): Promise<AgentSession> {
    try {
      const session = await this.#open();
      // All shells may have left meanwhile.
      if (this.#users === 0) session.close();
      else this.#session = session;
      return session;
    } finally {
      this.#opening = undefined;
    }
  }
}
