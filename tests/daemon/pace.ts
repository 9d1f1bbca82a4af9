/** Time and its standing still: delays that end with the daemon, and holds. @module */

import type { Hold, Phase } from "./types.ts";

/** Rejects what still waits when the daemon closes. */
export class DaemonClosed extends Error {
  /** The class's name. */
  override readonly name = "DaemonClosed";
}

/** One hold: `pass` waits in it until it is released. */
export class Gate implements Hold {
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  /** Resolves when somebody waits. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  /** Lets it go on. */
  release(): void {
    this.#released.resolve();
  }

  /** Waits. */
  pass(): Promise<void> {
    this.#reached.resolve();
    return this.#released.promise;
  }
}

/** The delays and held phases of one daemon. */
export class Pace {
  readonly #closed = new AbortController();
  readonly #held: { readonly phase: Phase; readonly username?: string; readonly gate: Gate }[] = [];

  /** Aborted when the daemon closes. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves after that time, rejects when the daemon closes before. */
  async sleep(ms: number): Promise<void> {
    this.closed.throwIfAborted();
    if (ms <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    try {
      await this.orClosed(promise);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The promise, or a rejection when the daemon closes before. */
  async orClosed<T>(promise: Promise<T>): Promise<T> {
    this.closed.throwIfAborted();
    const { promise: closing, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(this.closed.reason);
    this.closed.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([promise, closing]);
    } finally {
      this.closed.removeEventListener("abort", onAbort);
    }
  }

  /** The next such phase waits at its end. */
  hold(phase: Phase, username?: string): Hold {
    const gate = new Gate();
    this.#held.push(username === undefined ? { phase, gate } : { phase, username, gate });
    return gate;
  }

  /** A phase of a container: its delay, then its hold if there is one. */
  async through(phase: Phase, username: string, ms: number): Promise<void> {
    await this.sleep(ms);
    const index = this.#held.findIndex((held) =>
      held.phase === phase && (held.username ?? username) === username
    );
    const [held] = index < 0 ? [] : this.#held.splice(index, 1);
    if (held !== undefined) await this.orClosed(held.gate.pass());
  }

  /** Ends every wait. */
  close(): void {
    this.#closed.abort(new DaemonClosed("The daemon simulator is closed"));
  }
}
