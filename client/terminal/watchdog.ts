import type { AgentSession } from "./agent_session.ts";
import { settled } from "../async/deadline.ts";

/**
 * Ends the interactive shells of one container when this client disappears: a shell does not notice
 * a lost connection, so an agent in the container ends it after a time without heartbeat. One agent
 * serves all shells, as long as there are any and it answers.
 */
export class Watchdog {
  readonly #open: () => Promise<AgentSession>;
  readonly #probeMs: number;
  #opening: Promise<AgentSession> | undefined;
  #session: AgentSession | undefined;
  /** Agents with shells that are not given more: they did not answer. */
  readonly #silent = new Set<AgentSession>();
  #users = 0;

  /**
   * @param open Starts an agent
   * @param probeMs Milliseconds that it has to answer
   */
  constructor(open: () => Promise<AgentSession>, probeMs: number) {
    this.#open = open;
    this.#probeMs = probeMs;
  }

  /**
   * Returns an agent that stays until `leave`.
   *
   * @throws The error of starting it, or the signal's reason
   */
  async join(signal: AbortSignal): Promise<AgentSession> {
    this.#users++;
    try {
      const live = await this.#live(signal);
      if (live !== undefined) return live;
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
    const all = this.#all();
    this.#session = undefined;
    this.#silent.clear();
    await Promise.all(all.map((session) => session.close()));
  }

  /** Ends the agent and its shells. */
  async close(): Promise<void> {
    await Promise.all(this.#all().map((session) => session.close()));
  }

  /** Asks the agent to end, without waiting. */
  letGo(): void {
    for (const session of this.#all()) session.letGo();
  }

  #all(): readonly AgentSession[] {
    return [...this.#silent, ...this.#session === undefined ? [] : [this.#session]];
  }

  /** The container may have been restarted since the last shell was opened. */
  async #live(signal: AbortSignal): Promise<AgentSession | undefined> {
    const session = this.#session;
    if (session === undefined) return undefined;
    if (await session.answers(this.#probeMs, signal)) return session;
    signal.throwIfAborted();
    // It is not ended: it may be slow, and its shells would end with it.
    if (session.isUsable) this.#silent.add(session);
    if (this.#session === session) this.#session = undefined;
    return this.#session;
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
