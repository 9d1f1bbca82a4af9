/** The exchanges recorded with a real daemon. @module */

import wire from "./wire.jsonl" with { type: "text" };
import type { Answer } from "./compare.ts";

/** One recorded exchange. */
export interface Exchange {
  readonly name: string;
  /** Whose token it carried: `none`, or a username. */
  readonly as: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body: string | null;
  };
  readonly response: Answer;
}

/** All of them, in the order in which they ended. */
export const exchanges: readonly Exchange[] = wire.trim().split("\n")
  .map((line): Exchange => JSON.parse(line));

/** The exchange of that name; a few names were used twice, and have no single one. */
export function exchange(name: string): Exchange {
  const [found, ...more] = exchanges.filter((one) => one.name === name);
  if (found === undefined || more.length > 0) {
    throw new Error(`There are ${more.length + (found ? 1 : 0)} recordings named ${name}`);
  }
  return found;
}
