/** Draws at random, and the same again from the same seed. @module */

/** A source of random choices (mulberry32). */
export class Random {
  #state: number;

  /** @param seed A whole number */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True in that share of all cases. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of them. */
  pick<T>(...[first, ...others]: readonly [T, ...T[]]): T {
    const at = this.below(others.length + 1);
    return at === 0 ? first : others[at - 1] ?? first;
  }

  /** Another source, for something that draws at its own pace. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }
}
