import type { Clock } from "../../../tools/screen/clock.ts";
import { IDLE_MS } from "../../../tools/screen/terminal_sessions.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that is turned by hand; unless that is all, short waits are over as soon as they begin. */
export class HandClock implements Clock {
  /** Whether nothing but `pass` turns it. */
  isStill = false;
  /** Requested waits, in milliseconds. */
  readonly waits: number[] = [];
  readonly #timers = new Set<Timer>();
  #now = 0;
  #asked = Promise.withResolvers<number>();

  /** How many wait. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Resolves to the next requested wait. */
  get asked(): Promise<number> {
    return this.#asked.promise;
  }

  /** Milliseconds passed. */
  now(): number {
    return this.#now;
  }

  /** Calls back after so many milliseconds. */
  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    this.waits.push(milliseconds);
    this.#asked.resolve(milliseconds);
    this.#asked = Promise.withResolvers();
    const hurry = this.isStill || milliseconds >= IDLE_MS
      ? undefined
      : setTimeout(() => this.pass(timer.at - this.#now), 0);
    return () => {
      clearTimeout(hurry);
      this.#timers.delete(timer);
    };
  }

  /** Turns it. */
  pass(milliseconds: number): void {
    this.#now += Math.max(milliseconds, 0);
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}
